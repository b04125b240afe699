package io.shoplens.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeFilesTest {
  private static final String ROOT = "viewfs://cluster/lake";

  @TempDir private Path folder;

  /** A store that is neither the local disk nor S3, such as HDFS: a mount of a folder. */
  private Configuration mounted() {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.viewfs.mounttable.cluster.link./lake", folder.toUri().toString());
    return hadoop;
  }

  @Test
  void aFileIsReplacedAsAWholeOnAnyStore() throws IOException {
    Configuration hadoop = mounted();
    LakeFiles files = new LakeFiles(ROOT, "restore", hadoop);
    files.replace("plan.json", "first");

    org.apache.hadoop.fs.Path plan =
        new org.apache.hadoop.fs.Path(ROOT + "/_shoplens/restore/plan.json");
    try (InputStream reader = FileSystem.get(plan.toUri(), hadoop).open(plan)) {
      files.replace("plan.json", "second");

      assertThat(reader.readAllBytes())
          .as("of who reads it meanwhile")
          .asString()
          .isEqualTo("first");
    }
    assertThat(files.read("plan.json")).hasValue("second");
    assertThat(files.names()).containsExactly("plan.json");
  }
}
