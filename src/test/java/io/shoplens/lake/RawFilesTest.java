package io.shoplens.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawFilesTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path folder;
  private Path path;
  private FeedFile file;

  @BeforeEach
  void write() throws IOException {
    path = folder.resolve("a.json");
    Files.writeString(path, "old");
    file = FeedFiles.listed("clicks", new org.apache.hadoop.fs.Path(path.toUri()), HADOOP);
  }

  @Test
  void aFileIsWrittenAnewWithNothingBesideIt() throws IOException {
    // Sums that Hadoop may have kept of the old content.
    Files.writeString(folder.resolve(".a.json.crc"), "crc");

    Optional<FeedFile> now =
        RawFiles.replace(
            file,
            (stored, target) -> {
              stored.transferTo(target);
              target.write(" and new".getBytes(StandardCharsets.UTF_8));
            },
            (half, size) -> {},
            HADOOP);

    assertThat(now)
        .get()
        .extracting(FeedFile::path, FeedFile::size)
        .containsExactly(file.path(), 11L);
    assertThat(FeedFiles.isUnchanged(now.get(), HADOOP)).isTrue();
    assertThat(Files.readString(path)).isEqualTo("old and new");
    assertThat(names()).containsExactly("a.json");
  }

  @Test
  void whatSomebodyElseWroteMeanwhileIsLeft() throws IOException {
    Optional<FeedFile> now =
        RawFiles.replace(
            file,
            (stored, target) -> {
              target.write('n');
              Files.writeString(path, "theirs");
            },
            (half, size) -> {},
            HADOOP);

    assertThat(now).isEmpty();
    assertThat(Files.readString(path)).isEqualTo("theirs");
    assertThat(names()).containsExactly("a.json");
  }

  @Test
  void aFileThatCantBeCopiedStaysAsItIs() throws IOException {
    assertThatThrownBy(
            () ->
                RawFiles.replace(
                    file,
                    (stored, target) -> {
                      target.write('n');
                      throw new IOException("the archive is damaged");
                    },
                    (half, size) -> {},
                    HADOOP))
        .hasMessage("the archive is damaged");

    assertThat(Files.readString(path)).isEqualTo("old");
    assertThat(names()).containsExactly("a.json");
  }

  @Test
  void aFileThatIsGoneIsNotMade() throws IOException {
    Files.delete(path);

    assertThat(replaced((half, size) -> {})).isEmpty();
    assertThat(names()).isEmpty();
  }

  @Test
  void whatIsRefusedDoesNotTakeItsPlace() throws IOException {
    List<String> looked = new ArrayList<>();

    assertThatThrownBy(
            () ->
                replaced(
                    (half, size) -> {
                      looked.add(half.replaceFirst(".*/", "") + " " + size);
                      throw new IOException("it would be other records");
                    }))
        .hasMessage("it would be other records");

    assertThat(looked).containsExactly(".shoplens-a.json 1");
    assertThat(Files.readString(path)).isEqualTo("old");
    assertThat(names()).containsExactly("a.json");
  }

  private Optional<FeedFile> replaced(RawFiles.Check check) throws IOException {
    return RawFiles.replace(file, (stored, target) -> target.write('n'), check, HADOOP);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(each -> each.getFileName().toString()).toList();
    }
  }
}
