package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.testing.ExecutorProbe;
import io.shoplens.testing.StandaloneCluster;
import io.shoplens.testing.StandaloneCluster.Finished;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged job jar on a real standalone cluster, by spark-submit. */
class ClusterSubmitIT {
  private static final Path JOB_JAR = Path.of("target", "shoplens.jar").toAbsolutePath();
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** Not a temporary folder of JUnit, which warns of every link that leads out of it. */
  private static final Path HOME = Path.of("target", "cluster");

  @TempDir static Path folder;

  private static StandaloneCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = StandaloneCluster.start(HOME);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
      assertThat(cluster.processes()).isEmpty();
    }
  }

  @Test
  void executorsOfTheClusterRunTheClassesOfTheJobJar() throws Exception {
    Finished probe =
        cluster.submit(
            LIMIT,
            List.of("--class", ExecutorProbe.class.getName(), "--jars", JOB_JAR.toString()),
            List.of(
                jarOf(ExecutorProbe.class).toString(),
                "io.shoplens.clickstream.SessionizedEvents"));
    assertThat(probe.exit()).as(probe.err()).isZero();
    assertThat(probe.out().lines()).containsExactly("0 knows SessionizedEvents");
  }

  private static Path jarOf(Class<?> type) throws IOException {
    Path jar = folder.resolve(type.getSimpleName() + ".jar");
    String name = type.getName().replace('.', '/') + ".class";
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(file);
        InputStream bytes = type.getResourceAsStream("/" + name)) {
      entries.putNextEntry(new JarEntry(name));
      bytes.transferTo(entries);
    }
    return jar;
  }
}
