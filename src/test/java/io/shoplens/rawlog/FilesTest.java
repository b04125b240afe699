package io.shoplens.rawlog;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.shoplens.config.Feed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesTest {
  @TempDir Path folder;

  private static String event(int number) {
    return "{'event_id':'e"
        + number
        + "','event_type':'search','event_at':'2026-03-01T10:05:00Z',"
        + "'user_id':'u"
        + new Random(number).nextLong()
        + "','market':'US'}";
  }

  private static byte[] events(int from, int to) {
    List<String> lines = new ArrayList<>();
    for (int i = from; i < to; i++) {
      lines.add(event(i));
    }
    return Raw.text(lines.toArray(String[]::new));
  }

  private static long accepted(Dataset<Row> rows) {
    return rows.where("record_kind = 'accepted'").count();
  }

  /** Ids of the accepted records of one file, and its rejected records and totals. */
  private List<String> story(String name, byte[] bytes) {
    Dataset<Row> rows = Raw.read(Raw.events(), Raw.file(folder, name, bytes)).cache();
    assertThat(Raw.unbalanced(Raw.events(), rows)).isEmpty();
    List<String> story = new ArrayList<>();
    story.add(accepted(rows) + " accepted");
    story.addAll(Raw.rejected(rows));
    story.add(Raw.totals(rows));
    return story;
  }

  @Test
  void archivesOfAnyNumberOfMembersAreReadToTheirEnd() {
    byte[] first = events(0, 40);
    byte[] second = events(40, 90);
    assertThat(story("a.json.gz", Raw.concat(Raw.gzip(first), Raw.gzip(second), new byte[600])))
        .containsExactly("90 accepted", "90 0 -");
    assertThat(story("a.json.zst", Raw.concat(Zstd.compress(first), Zstd.compress(second))))
        .containsExactly("90 accepted", "90 0 -");
    assertThat(story("empty.json", new byte[0])).containsExactly("0 accepted", "0 0 -");
    assertThat(story("empty.json.gz", new byte[0])).containsExactly("0 accepted", "0 0 -");
    assertThat(story("empty.json.zst", new byte[0])).containsExactly("0 accepted", "0 0 -");
  }

  @Test
  void aFrameMayAskForAnyWindow() {
    for (int log : List.of(27, 28, 31)) {
      assertThat(story("long.json.zst", frame(log, events(0, 40))))
          .as("zstd --long=%d", log)
          .containsExactly("40 accepted", "40 0 -");
    }
  }

  /** A frame of one block that is not compressed, as RFC 8878 lays it out. */
  private static byte[] frame(int windowLog, byte[] text) {
    int block = text.length << 3 | 1;
    byte[] head = {
      0x28,
      (byte) 0xB5,
      0x2F,
      (byte) 0xFD,
      0,
      (byte) (windowLog - 10 << 3),
      (byte) block,
      (byte) (block >> 8),
      (byte) (block >> 16)
    };
    return Raw.concat(head, text);
  }

  @Test
  void everyWholeLineBeforeTheDamageIsKept() {
    byte[] text = events(0, 400);
    byte[] gzip = Raw.gzip(text);
    int lost = 0;
    for (byte[] cut :
        List.of(Arrays.copyOf(gzip, gzip.length / 2), Arrays.copyOf(Zstd.compress(text), 6000))) {
      String name = cut[0] == 0x1f ? "cut.json.gz" : "cut.json.zst";
      Dataset<Row> rows = Raw.read(Raw.events(), Raw.file(folder, name, cut)).cache();
      assertThat(Raw.unbalanced(Raw.events(), rows)).isEmpty();
      Row totals = rows.where("record_kind = 'file'").head();
      long damagedAt = totals.<Long>getAs("file_damaged_at");
      String whole = new String(text, 0, (int) damagedAt, StandardCharsets.UTF_8);
      long lines = whole.chars().filter(c -> c == '\n').count();
      assertThat(accepted(rows)).isEqualTo(lines);
      byte[] tail = whole.substring(whole.lastIndexOf('\n') + 1).getBytes(StandardCharsets.UTF_8);
      List<Row> rejected = rows.where("record_kind = 'rejected'").collectAsList();
      if (tail.length > 0) {
        assertThat(rejected).hasSize(1);
        assertThat(rejected.get(0).<String>getAs("reject_code")).isEqualTo("bad_archive");
        assertThat(rejected.get(0).<byte[]>getAs("reject_raw")).isEqualTo(tail);
        lost++;
      } else {
        assertThat(rejected).isEmpty();
      }
    }
    assertThat(lost).isPositive();
  }

  @Test
  void whereABitIsFlippedAllThatTheDecoderYieldsBeforeItFailsIsKept() throws Exception {
    Random random = new Random(7);
    byte[] few = events(0, 300);
    byte[] many = events(0, 3000);
    try (ZstdCompressCtx zstd = new ZstdCompressCtx().setChecksum(true)) {
      byte[] wrongSum = zstd.compress(many);
      wrongSum[wrongSum.length - 1] ^= 1;
      assertThat(story("sum.json.zst", wrongSum))
          .containsExactly("3000 accepted", "3000 0 " + many.length);
      for (int i = 0; i < 8; i++) {
        String gzip = "flip" + i + ".json.gz";
        keepsThePrefix(gzip, few, flipped(Raw.gzip(few), random), FilesTest::inflated);
        keepsThePrefix(gzip, many, flipped(Raw.gzip(many), random), FilesTest::inflated);
        byte[] frames = Raw.concat(Zstd.compress(few), zstd.compress(many));
        keepsThePrefix(
            "flip" + i + ".json.zst",
            Raw.concat(few, many),
            flipped(frames, random),
            FilesTest::decompressed);
      }
    }
  }

  private static byte[] flipped(byte[] archive, Random random) {
    byte[] flipped = archive.clone();
    int from = archive.length / 4;
    flipped[from + random.nextInt(flipped.length - from - 8)] ^= (byte) (1 << random.nextInt(8));
    return flipped;
  }

  private interface Decoder {
    void decode(byte[] archive, ByteArrayOutputStream out) throws Exception;
  }

  /** Holds what is read of an archive against a decoder that goes byte by byte until it fails. */
  private void keepsThePrefix(String name, byte[] text, byte[] archive, Decoder decoder)
      throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    decoder.decode(archive, out);
    byte[] prefix = out.toByteArray();
    Dataset<Row> rows = Raw.read(Raw.events(), Raw.file(folder, name, archive)).cache();
    assertThat(Raw.unbalanced(Raw.events(), rows)).as(name).isEmpty();
    Row totals = rows.where("record_kind = 'file'").head();
    assertThat(totals.<Long>getAs("file_damaged_at")).as(name).isEqualTo(prefix.length);
    int same = Arrays.mismatch(prefix, text);
    String good = new String(text, 0, same < 0 ? text.length : same, StandardCharsets.UTF_8);
    List<String> lines = List.of(good.substring(0, good.lastIndexOf('\n') + 1).split("\n"));
    assertThat(lines.size()).as(name).isGreaterThan(1);
    assertThat(
            rows.where("record_kind = 'accepted'")
                .orderBy("source_line")
                .limit(lines.size())
                .selectExpr("concat_ws(' ', event_id, user_id)")
                .as(Encoders.STRING())
                .collectAsList())
        .as(name)
        .containsExactlyElementsOf(
            lines.stream()
                .map(line -> line.replaceAll(".*id\":\"(e\\d+)\".*:\"(u-?\\d+)\".*", "$1 $2"))
                .toList());
  }

  private static void inflated(byte[] archive, ByteArrayOutputStream out) throws Exception {
    Inflater inflater = new Inflater(true);
    inflater.setInput(archive, 10, archive.length - 18);
    byte[] one = new byte[1];
    try {
      while (inflater.inflate(one) == 1) {
        out.write(one[0]);
      }
    } catch (DataFormatException e) {
      return;
    } finally {
      inflater.end();
    }
  }

  private static void decompressed(byte[] archive, ByteArrayOutputStream out) throws Exception {
    InputStream bytewise =
        new ByteArrayInputStream(archive) {
          @Override
          public synchronized int available() {
            return 0;
          }

          @Override
          public synchronized int read(byte[] bytes, int from, int length) {
            return super.read(bytes, from, 1);
          }
        };
    try (ZstdInputStreamNoFinalizer zstd = new ZstdInputStreamNoFinalizer(bytewise)) {
      zstd.transferTo(out);
    } catch (ZstdIOException e) {
      return;
    }
  }

  @Test
  void damageOfAnyKindIsToldAndNeverFailsTheRun() {
    byte[] gzip = Raw.gzip(events(0, 20));
    byte[] wrongSum = gzip.clone();
    wrongSum[wrongSum.length - 7] ^= 1;
    int size = events(0, 20).length;
    assertThat(story("sum.json.gz", wrongSum)).containsExactly("20 accepted", "20 0 " + size);
    assertThat(story("not.json.gz", events(0, 20))).containsExactly("0 accepted", "0 0 0");
    assertThat(story("not.json.zst", events(0, 20))).containsExactly("0 accepted", "0 0 0");
    assertThat(story("garbage.json.gz", Raw.concat(gzip, "more".getBytes(StandardCharsets.UTF_8))))
        .containsExactly("20 accepted", "20 0 " + size);
    assertThat(story("header.json.gz", Arrays.copyOf(gzip, 5)))
        .containsExactly("0 accepted", "0 0 0");
    Random random = new Random(5);
    byte[] large = Raw.gzip(events(0, 300));
    for (int i = 0; i < 6; i++) {
      byte[] flipped = large.clone();
      flipped[12 + random.nextInt(flipped.length - 12)] ^= (byte) (1 << random.nextInt(8));
      List<String> story = story("flip" + i + ".json.gz", flipped);
      assertThat(story.get(story.size() - 1)).doesNotEndWith("-");
    }
  }

  @Test
  void onlyALineFeedEndsALineAndTheLastNeedsNone() {
    byte[] text =
        (event(1) + "\r\n\r\n" + event(2) + "\r" + event(3) + "\n \t\n" + event(4))
            .replace('\'', '"')
            .getBytes(StandardCharsets.UTF_8);
    assertThat(story("lines.json", text)).containsExactly("2 accepted", "3 not_json", "5 2 -");
  }

  @Test
  void textThatIsNotUtf8IsRejectedWithItsBytesAndAMarkAtTheStartIsPassedOver() {
    byte[] mark = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    byte[] latin =
        event(2).replace('\'', '"').replace("u", "\u00e9").getBytes(StandardCharsets.ISO_8859_1);
    byte[] text =
        Raw.concat(
            mark, events(0, 1), latin, "\n".getBytes(StandardCharsets.UTF_8), mark, events(3, 4));
    Dataset<Row> rows = Raw.read(Raw.events(), Raw.file(folder, "u.json", text));
    assertThat(Raw.rejected(rows)).containsExactly("2 bad_encoding", "3 not_json");
    assertThat(rows.where("reject_code = 'bad_encoding'").head().<byte[]>getAs("reject_raw"))
        .isEqualTo(latin);
    assertThat(accepted(rows)).isOne();
  }

  @Test
  void aRecordOverTheLimitIsRejectedWithItsBeginningAndReadingGoesOn() {
    String huge = "{'event_id':'" + "x".repeat(3_000_000) + "'}";
    Dataset<Row> rows =
        Raw.read(Raw.events(), Raw.file(folder, "h.json", event(1), huge, event(2), huge)).cache();
    assertThat(Raw.rejected(rows)).containsExactly("2 not_json", "4 not_json");
    assertThat(rows.where("reject_code = 'not_json'").head().<byte[]>getAs("reject_raw"))
        .hasSize(LexicalPlan.PREFIX);
    assertThat(accepted(rows)).isEqualTo(2);
    assertThat(Raw.totals(rows)).isEqualTo("4 0 -");
    String nested = "{'a':" + "[".repeat(64) + "]".repeat(64) + "}";
    assertThat(story("n.json", Raw.text(nested, nested.replace("[]", "").replace("[[", "[["))))
        .startsWith("0 accepted", "1 not_json");
  }

  @Test
  void manySmallFilesShareATaskAndATaskIsNeverLeftEmpty() {
    List<InputFile> files = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      files.add(new InputFile("f" + i, i == 4 ? 9_000_000 : 10));
    }
    List<List<InputFile>> tasks = LexicalSource.tasks(files, 2);
    assertThat(tasks.stream().map(List::size)).containsExactly(1, 8);
    assertThat(LexicalSource.tasks(files.subList(0, 1), 8)).hasSize(1);
    assertThat(LexicalSource.tasks(List.of(), 8)).isEmpty();
    List<InputFile> big = files.stream().map(f -> new InputFile(f.path(), 1L << 30)).toList();
    assertThat(LexicalSource.tasks(big, 2)).hasSize(9);
  }

  @Test
  void readingFewerColumnsGivesTheSameRows() {
    InputFile file =
        Raw.file(
            folder,
            "p.json",
            event(1),
            event(2).replace("'US'", "1"),
            "{'a':{'b':1,'b':1}}",
            event(3).replace("}", ",'k':'\\ud800'}"),
            event(4).replace("}", ",'region':5}"),
            "x",
            " ");
    Dataset<Row> all = Raw.read(Raw.events(), file);
    Dataset<Row> cached = all.cache();
    for (String[] columns :
        List.of(
            new String[] {"record_kind", "reject_code"},
            new String[] {"event_id", "file_records"},
            new String[] {"reject_raw"},
            new String[] {"content_hash"})) {
      Dataset<Row> pruned = Raw.read(Raw.events(), file).selectExpr(columns);
      assertThat(pruned.collectAsList().stream().map(FilesTest::text).sorted())
          .containsExactlyElementsOf(
              cached.selectExpr(columns).collectAsList().stream()
                  .map(FilesTest::text)
                  .sorted()
                  .toList());
    }
    assertThat(Raw.read(Raw.events(), file).count()).isEqualTo(7);
    assertThat(Raw.feed(Feed.Kind.EVENTS, Feed.Format.JSON).isNative()).isTrue();
  }

  private static String text(Row row) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      Object value = row.get(i);
      values.add(value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value));
    }
    return values.toString();
  }
}
