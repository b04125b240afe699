package io.shoplens.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every network's wrapper, every marketplace's product pages, and traps, as people share them. */
class SharedLinksTest {
  private final LinkResolver resolver = LinkResolver.of(Catalogues.shipped());

  @Test
  void everySharedLinkIsWhatItsLineSays() throws IOException {
    List<String> expected =
        Files.readAllLines(Path.of("src/test/resources/shared-links.txt")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList();
    List<String> found = new ArrayList<>();
    for (String line : expected) {
      String url = line.split(" ", 5)[4];
      ResolvedLink link = resolver.resolve(url);
      found.add(
          String.join(
              " ",
              link.certainty().text(),
              link.merchantGroup().orElse("-").replace(' ', '_'),
              link.productKey().orElse("-").replace(' ', '_'),
              link.affiliateNetwork().orElse("-").replace(' ', '_'),
              url));
    }

    assertThat(expected).hasSizeGreaterThan(150);
    assertThat(found).isEqualTo(expected);
  }
}
