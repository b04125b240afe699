package io.shoplens.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.shoplens.config.Feed;
import io.shoplens.config.Feed.Format;
import io.shoplens.config.Feed.Grain;
import io.shoplens.config.Feed.Kind;
import io.shoplens.testing.LoopbackS3;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server knows no ETag of a file that lies in its folder some other way than by S3. */
class StoreWithoutEtagsTest {
  private static LoopbackS3 s3;

  @BeforeAll
  static void start(@TempDir java.nio.file.Path folder) throws Exception {
    s3 = LoopbackS3.start(folder, "plain");
    Files.writeString(folder.resolve("plain/laid.json"), "laid\n");
    try (FileSystem store =
            FileSystem.newInstance(new Path("s3a://plain/").toUri(), with("classic"));
        var out = store.create(new Path("s3a://plain/put.json"))) {
      out.writeBytes("put\n");
    }
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  @Test
  void itsFilesAreReadByTheStreamThatSessionsAreOpenedWith() throws Exception {
    assertThat(read("classic")).isEqualTo("laid\n");
  }

  @Test
  void theDefaultStreamOfS3aWouldNotReadThem() {
    assertThatThrownBy(() -> read("analytics")).isInstanceOf(Exception.class);
  }

  @Test
  void anEtagIsRecordedWhereTheStoreGivesOne() {
    Feed feed =
        new Feed(
            "clicks",
            Kind.EVENTS,
            "s3a://plain/",
            Format.JSON,
            Grain.ORDER,
            Optional.empty(),
            ',',
            true,
            "UTF-8",
            Optional.empty(),
            Map.of(),
            Map.of());

    assertThat(FeedFiles.of(feed, with("classic")))
        .extracting(file -> new Path(file.path()).getName(), file -> file.etag().isPresent())
        .containsExactly(tuple("laid.json", false), tuple("put.json", true));
  }

  private static String read(String stream) throws Exception {
    Path file = new Path("s3a://plain/laid.json");
    try (FileSystem store = FileSystem.newInstance(file.toUri(), with(stream));
        InputStream in = store.open(file)) {
      return new String(in.readAllBytes());
    }
  }

  private static Configuration with(String stream) {
    Configuration hadoop = new Configuration();
    s3.hadoopSettings().forEach(hadoop::set);
    hadoop.set("fs.s3a.input.stream.type", stream);
    hadoop.set("fs.s3a.change.detection.version.required", "false");
    return hadoop;
  }
}
