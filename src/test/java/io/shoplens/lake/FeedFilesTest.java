package io.shoplens.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.testing.LoopbackS3;
import io.shoplens.testing.S3Relay;
import io.shoplens.testing.S3Relay.Fate;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedFilesTest {
  @TempDir java.nio.file.Path folder;

  /** As S3 does with a file that its lifecycle has moved to an archive. */
  @Test
  void aFileThatIsListedAsItWasMayNotBeReadable() throws Exception {
    try (LoopbackS3 s3 = LoopbackS3.start(folder, "raw");
        S3Relay relay =
            S3Relay.before(
                s3,
                request ->
                    request.method().equals("GET") && request.target().contains("/archived")
                        ? Fate.DENIED
                        : Fate.PASS)) {
      Configuration hadoop = new Configuration();
      LoopbackS3.hadoopSettings(relay.endpoint()).forEach(hadoop::set);
      hadoop.set("fs.s3a.input.stream.type", "classic");
      // The server knows no ETags of files that it did not write.
      hadoop.set("fs.s3a.change.detection.version.required", "false");
      FeedFile archived = listed("archived.json", hadoop);
      FeedFile other = listed("other.json", hadoop);

      assertThat(FeedFiles.isUnchanged(archived, hadoop)).isTrue();
      assertThat(FeedFiles.isReadable(archived, hadoop)).isFalse();
      assertThat(FeedFiles.isReadable(other, hadoop)).isTrue();
    }
  }

  private FeedFile listed(String name, Configuration hadoop) throws Exception {
    Files.writeString(folder.resolve("raw").resolve(name), "{}");
    return FeedFiles.listed("clicks", new Path("s3a://raw/" + name), hadoop);
  }
}
