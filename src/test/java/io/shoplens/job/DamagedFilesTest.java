package io.shoplens.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.ParquetFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that came damaged, and came again whole. */
class DamagedFilesTest {
  private static final int LINES = 120;
  private static final int LINES_A_FRAME = 10;
  private static final String FRAMES = "frames";
  private static final List<String> DAMAGED = List.of("cut", "flipped", FRAMES, "not", "sum");

  private static final Map<String, String> DEFAULT_LIMITS =
      Map.of("ingest.file-reject-limit", "0.05", "ingest.run-reject-limit", "0.01");

  @TempDir Path folder;

  @Test
  void areTakenUpToTheDamageAndTheRestOnceTheyComeWhole() throws IOException {
    Place place = new Place(folder, "place");
    byte[] whole = gzip(lines("cut"));
    write("cut", Arrays.copyOf(whole, whole.length / 2));
    byte[] flipped = gzip(lines("flipped"));
    flipped[flipped.length / 2] ^= 4;
    write("flipped", flipped);
    long before = inflatedLines(Arrays.copyOf(flipped, flipped.length / 2));
    byte[] frames = frames(lines(FRAMES));
    frames[frames(linesBefore(70)).length] ^= 4;
    write(FRAMES, frames);
    byte[] sum = gzip(lines("sum"));
    sum[sum.length - 6] ^= 1;
    write("sum", sum);
    write("not", lines("not").getBytes(StandardCharsets.UTF_8));
    write("empty", new byte[0]);
    write("good", gzip(lines("good")));

    RunReport report = place.ingest();

    assertThat(place.settled())
        .containsExactly(
            "cut.jsonl.gz 1 damaged",
            "empty.jsonl.gz 1 empty",
            "flipped.jsonl.gz 1 damaged",
            "frames.jsonl.zst 1 damaged",
            "good.jsonl.gz 1 done",
            "not.jsonl.gz 1 damaged",
            "sum.jsonl.gz 1 damaged");
    assertThat(report.damagedFiles())
        .containsExactlyElementsOf(
            DAMAGED.stream()
                .map(name -> "file:" + folder + "/place/events/" + file(name))
                .toList());
    assertThat(accepted(place, "good")).isEqualTo(LINES);
    assertThat(accepted(place, "sum")).isEqualTo(LINES);
    assertThat(accepted(place, "cut")).isBetween(1L, LINES - 1L);
    assertThat(accepted(place, "not")).isZero();
    assertThat(accepted(place, FRAMES)).isEqualTo(70);
    assertThat(before).isGreaterThan(10);
    assertThat(place.clicks())
        .containsAll(LongStream.range(0, before).mapToObj(i -> "flipped-" + i + " 1").toList());
    assertThat(place.quarantine()).anyMatch(record -> record.contains("bad_archive"));

    for (String name : DAMAGED) {
      write(name, name.equals(FRAMES) ? frames(lines(name)) : gzip(lines(name)));
    }
    assertThat(place.ingest().damagedFiles()).isEmpty();

    assertThat(place.settled())
        .containsAll(DAMAGED.stream().map(name -> file(name) + " 2 done").toList());
    for (String name : DAMAGED) {
      assertThat(accepted(place, name)).as(name).isEqualTo(LINES);
    }
    assertThat(place.quarantine()).noneMatch(record -> record.contains("bad_archive"));
    assertThat(place.ledger().latest().values())
        .allMatch(entry -> entry.balance().orElseThrow().isBalanced());
  }

  @Test
  void areTakenHoweverFewLinesStandBeforeTheOneThatWasCutOff() throws IOException {
    Place place = new Place(folder, "place", "clicks", DEFAULT_LIMITS);
    write("cut", beginning(lines("cut")));

    RunReport report = place.ingest();

    assertThat(place.settled()).containsExactly("cut.jsonl.gz 1 damaged");
    assertThat(report.heldFiles()).isEmpty();
    assertThat(report.damagedFiles()).hasSize(1);
    long taken = accepted(place, "cut");
    assertThat(taken).isBetween(1L, 18L);
    assertThat(place.quarantine()).containsExactly("clicks %d bad_archive 1".formatted(taken + 1));
    assertThat(place.balances())
        .containsEntry("events/cut.gz", "%d = %d + 0 + 1 + 0".formatted(taken + 1, taken));
  }

  @Test
  void areNamedAsSuchAlsoWhereTheyAreHeldForWhatElseIsRejected() throws IOException {
    Place place = new Place(folder, "place", "clicks", DEFAULT_LIMITS);
    write("cut", beginning("{}\n" + lines("cut")));

    RunReport report = place.ingest();

    assertThat(place.settled()).containsExactly("cut.jsonl.gz 1 held");
    assertThat(report.heldFiles()).hasSize(1);
    assertThat(report.damagedFiles()).isEqualTo(report.heldFiles());
    assertThat(report.heldFor().orElseThrow().code()).isEqualTo("missing_field");
  }

  @Test
  void ofParquetAreMarkedAndTakenOnceTheyComeWholeWhateverTheirPathsAreSpelledLike()
      throws IOException {
    Place place = new Place(folder, "place", "clicks", Map.of("feeds.clicks.format", "parquet"));
    byte[] whole = parquet("cut-0");
    put("h=10%3A00/cut here.parquet", Arrays.copyOf(whole, whole.length / 2));
    put("h=10%3A00/good one.parquet", parquet("good-0"));
    put("empty.parquet", new byte[0]);

    RunReport report = place.ingest();

    assertThat(place.settled())
        .containsExactly(
            "cut here.parquet 1 damaged", "empty.parquet 1 empty", "good one.parquet 1 done");
    String cut = "file:" + folder + "/place/events/h=10%3A00/cut here.parquet";
    assertThat(report.damagedFiles()).containsExactly(cut);
    assertThat(place.clicks()).containsExactly("good-0 1");
    assertThat(place.ingest().damagedFiles()).isEmpty();

    put("h=10%3A00/cut here.parquet", whole);
    assertThat(place.ingest().damagedFiles()).isEmpty();

    assertThat(place.settled()).contains("cut here.parquet 2 done");
    assertThat(place.clicks()).containsExactly("cut-0 2", "good-0 1");
    assertThat(place.texts("SELECT DISTINCT source_file FROM bronze.events"))
        .containsExactlyInAnyOrderElementsOf(place.ledger().latest().keySet());
    assertThat(place.ledger().latest().values())
        .allMatch(entry -> entry.balance().orElseThrow().isBalanced());
  }

  @Test
  void ofParquetAreTakenUpToTheRowGroupOfWhichAPageDoesNotMatchItsChecksum() throws IOException {
    Place place = new Place(folder, "place", "clicks", Map.of("feeds.clicks.format", "parquet"));
    byte[] whole = parquet("concat('flip-', 10000 + id)", 6000);
    byte[] flipped = whole.clone();
    flipped[positionOf("flip-13210", whole)] ^= 4;
    put("flip.parquet", flipped);
    put("good.parquet", parquet("good-0"));

    RunReport report = place.ingest();

    assertThat(report.damagedFiles())
        .containsExactly("file:" + folder + "/place/events/flip.parquet");
    long before = accepted(place, "flip");
    assertThat(before).isBetween(500L, 3210L);
    assertThat(place.clicks())
        .contains("good-0 1", "flip-10000 1", "flip-%d 1".formatted(9999 + before));
    assertThat(place.balances())
        .containsEntry("events/flip.parquet", "%1$d = %1$d + 0 + 0 + 0".formatted(before));

    put("flip.parquet", whole);
    assertThat(place.ingest().damagedFiles()).isEmpty();
    assertThat(accepted(place, "flip")).isEqualTo(6000);
    assertThat(place.balances())
        .containsEntry(
            "events/flip.parquet", "6000 = %d + %d + 0 + 0".formatted(6000 - before, before));
  }

  @Test
  void ofParquetThoseWithColumnsThatSparkCannotTellApartAreMarkedWhetherOthersCameOrNot()
      throws IOException {
    Place place = new Place(folder, "place", "clicks", Map.of("feeds.clicks.format", "parquet"));
    Path two = folder.resolve("two.parquet");
    ParquetFile.write(
        two,
        "required binary event_id (STRING); required binary Event_ID (STRING);",
        row -> row.append("event_id", "x").append("Event_ID", "y"));
    put("one.parquet", Files.readAllBytes(two));
    place.ingest();
    put("good.parquet", parquet("good-0"));
    put("two.parquet", Files.readAllBytes(two));

    place.ingest();

    assertThat(place.settled())
        .containsExactly("good.parquet 2 done", "one.parquet 1 damaged", "two.parquet 2 damaged");
    assertThat(place.clicks()).containsExactly("good-0 2");
  }

  private static int positionOf(String text, byte[] bytes) {
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    assertThat(at).as(text).isPositive();
    return at;
  }

  private void put(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve("place/events").resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  /** A Parquet file of one search. */
  private byte[] parquet(String id) throws IOException {
    return parquet("'" + id + "'", 1);
  }

  /** A Parquet file of searches with small row groups that are stored as they are. */
  private byte[] parquet(String id, int rows) throws IOException {
    Path written = Files.createTempDirectory(folder, "written").resolve("rows");
    LocalSpark.session()
        .sql(
            "select %s event_id, 'search' event_type, timestamp'2026-03-02 10:05:00Z' event_at, 'u' user_id, 'US' market from range(0, %d, 1, 1)"
                .formatted(id, rows))
        .write()
        .option("compression", "none")
        .option("parquet.enable.dictionary", "false")
        .option("parquet.block.size", "65536")
        .option("parquet.page.size", "4096")
        .parquet(written.toString());
    try (Stream<Path> files = Files.list(written)) {
      return Files.readAllBytes(
          files.filter(file -> file.toString().endsWith(".parquet")).findAny().orElseThrow());
    }
  }

  private static long accepted(Place place, String name) {
    return place.clicks().stream().filter(click -> click.startsWith(name + "-")).count();
  }

  private static String lines(String name) {
    Random random = new Random(name.hashCode());
    return IntStream.range(0, LINES)
        .mapToObj(
            i ->
                ("{\"event_id\":\"%s-%d\",\"event_type\":\"search\",\"user_id\":\"u%d\","
                        + "\"event_at\":\"2026-03-02T10:05:00Z\",\"market\":\"US\"}\n")
                    .formatted(name, i, random.nextLong()))
        .collect(Collectors.joining());
  }

  /** So much of an archive that a few lines come out of it. */
  private static byte[] beginning(String text) throws IOException {
    byte[] whole = gzip(text);
    return Arrays.copyOf(whole, whole.length / 8);
  }

  /** Whole lines that come out of the beginning of an archive. */
  private static long inflatedLines(byte[] beginning) throws IOException {
    long lines = 0;
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(beginning))) {
      while (true) {
        lines += gzip.read() == '\n' ? 1 : 0;
      }
    } catch (EOFException e) {
      return lines;
    }
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(folder.resolve("place/events/" + file(name)), bytes);
  }

  private static String file(String name) {
    return name + (name.equals(FRAMES) ? ".jsonl.zst" : ".jsonl.gz");
  }

  /** The first lines of the file that has frames. */
  private static String linesBefore(int line) {
    return lines(FRAMES).lines().limit(line).map(text -> text + "\n").collect(Collectors.joining());
  }

  /** Zstandard, a frame for every few lines. */
  private static byte[] frames(String text) {
    List<String> lines = text.lines().toList();
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    for (int i = 0; i < lines.size(); i += LINES_A_FRAME) {
      String some = String.join("\n", lines.subList(i, i + LINES_A_FRAME)) + "\n";
      frames.writeBytes(Zstd.compress(some.getBytes(StandardCharsets.UTF_8)));
    }
    return frames.toByteArray();
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
