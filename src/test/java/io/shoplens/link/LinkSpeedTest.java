package io.shoplens.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How many links a thread resolves in a minute of its CPU time, once the JVM is warm. */
@Tag("long")
class LinkSpeedTest {
  private static final int LINKS = 500_000;
  private static final int ROUNDS = 6;
  private static final int WARM_UP = 2;

  private final LinkResolver resolver = LinkResolver.of(Catalogues.shipped());

  @Test
  void fiveMillionDistinctLinksAMinuteOnOneCore() throws IOException {
    List<String> shared =
        Files.readAllLines(Path.of("src/test/resources/shared-links.txt")).stream()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.split(" ", 5)[4])
            .toList();
    ThreadMXBean thread = ManagementFactory.getThreadMXBean();
    Random random = new Random(1);
    long steps = 0;
    for (int round = 0; round < ROUNDS; round++) {
      List<String> links = distinct(shared, random);
      long before = thread.getCurrentThreadCpuTime();
      for (String link : links) {
        steps += resolver.resolve(link).steps().size();
      }
      double minutes = (thread.getCurrentThreadCpuTime() - before) / 60e9;
      double perMinute = links.size() / minutes;
      System.out.printf(
          "round %d: %d links of %.0f characters, %.1f million a minute%n",
          round,
          links.size(),
          links.stream().mapToInt(String::length).average().orElseThrow(),
          perMinute / 1e6);
      if (round >= WARM_UP) {
        assertThat(perMinute).isGreaterThan(5_000_000);
      }
    }
    assertThat(steps).isPositive();
  }

  /** Shared links with other digits in them: other products, other campaigns. */
  private static List<String> distinct(List<String> shared, Random random) {
    Set<String> links = new HashSet<>();
    while (links.size() < LINKS) {
      StringBuilder link = new StringBuilder(shared.get(random.nextInt(shared.size())));
      for (int i = link.indexOf("/", 8) + 1; i < link.length(); i++) {
        boolean isEscaped = i >= 2 && (link.charAt(i - 1) == '%' || link.charAt(i - 2) == '%');
        if (link.charAt(i) >= '0' && link.charAt(i) <= '9' && !isEscaped) {
          link.setCharAt(i, (char) ('0' + random.nextInt(10)));
        }
      }
      links.add(link.toString());
    }
    return new ArrayList<>(links);
  }
}
