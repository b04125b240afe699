package io.shoplens.lake.logstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.storage.LogStore;
import io.shoplens.testing.LoopbackS3;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar of the log store, by itself. */
class LogStoreJarIT {
  @Test
  void holdsTheLogStoreAndNothingElse() throws IOException {
    try (JarFile jar = new JarFile(jar().toFile())) {
      assertThat(jar.stream().map(ZipEntry::getName).filter(name -> name.endsWith(".class")))
          .isNotEmpty()
          .allMatch(name -> name.startsWith("io/shoplens/lake/logstore/"));
    }
  }

  @Test
  void commitsOnceBesideDeltaAndHadoopAlone(@TempDir Path folder) throws Exception {
    try (LoopbackS3 s3 = LoopbackS3.start(folder, "alone");
        LogStoreAlone alone = new LogStoreAlone(jar().toUri().toURL())) {
      Configuration hadoop = new Configuration();
      LoopbackS3.hadoopSettings(s3.endpoint()).forEach(hadoop::set);
      LogStore store = alone.logStore(hadoop);
      org.apache.hadoop.fs.Path commit =
          new org.apache.hadoop.fs.Path("s3a://alone/table/_delta_log/00000000000000000000.json");
      store.write(commit, List.of("first").iterator(), false, hadoop);

      assertThatThrownBy(() -> store.write(commit, List.of("second").iterator(), false, hadoop))
          .isInstanceOf(FileAlreadyExistsException.class);
    }
  }

  private static Path jar() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("shoplens-.*-s3a-log-store\\.jar"))
          .findFirst()
          .orElseThrow();
    }
  }
}
