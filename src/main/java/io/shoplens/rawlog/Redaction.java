package io.shoplens.rawlog;

import static io.shoplens.table.Columns.DEVICE_ID;
import static io.shoplens.table.Columns.USER_ID;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import com.github.luben.zstd.ZstdOutputStream;
import io.shoplens.config.ErasedPersons;
import io.shoplens.config.Feed;
import io.shoplens.config.IngestSettings;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * Raw files without erased persons, record for record what the ingest would make of them: of an
 * event of theirs a blank line is left, an order event of theirs is nobody's, and their ids as
 * words in anybody's records become another word.
 *
 * <p>Every record stays on its line, so that what the quarantine says of places stays true; in JSON
 * it stays at its offset too. What can't be cut so is left to its owner: Parquet, damaged archives,
 * a line that is an array of several persons' records, and CSV whose mapping makes ids of offsets.
 */
public final class Redaction {
  private static final String IS_THEIRS = "__is_theirs";

  /** Lines this many times over the limit of a record are not held in memory. */
  private static final int LONGEST_LINE = 16;

  /** A record that names an erased person. */
  private static final class Named {
    private final Set<String> own = new TreeSet<>();
    private boolean isTheirs;
    private boolean isOthers;
  }

  /** What is to be done in a file, by line; the lines of one record all have it. */
  private final Map<String, Map<Long, Named>> files;

  private final Feed feed;
  private final ErasedPersons erased;
  private final int longestLine;

  private Redaction(
      Map<String, Map<Long, Named>> files, Feed feed, ErasedPersons erased, int longestLine) {
    this.files = files;
    this.feed = feed;
    this.erased = erased;
    this.longestLine = longestLine;
  }

  /** Thrown for a file that can't be cut: why. */
  public static final class Left extends IOException {
    private static final long serialVersionUID = 1L;

    Left(String reason) {
      super(reason);
    }
  }

  /** Reads files of a feed and finds what names erased persons in them. */
  public static Redaction of(
      SparkSession session,
      Feed feed,
      List<InputFile> files,
      IngestSettings settings,
      ErasedPersons erased) {
    Map<String, Map<Long, Named>> named = new TreeMap<>();
    if (!files.isEmpty()) {
      RawLogFunctions.register(session);
      Mapping mapping = Mapping.of(feed);
      Dataset<Row> naming =
          mapping.raw(session, files, settings).stream()
              .map(raw -> naming(mapping.records(session, raw), erased))
              .reduce(Dataset::union)
              .orElseThrow();
      for (Row row : naming.collectAsList()) {
        Map<Long, Named> lines = named.computeIfAbsent(row.getString(0), file -> new HashMap<>());
        byte[] raw = row.isNullAt(2) ? new byte[0] : row.getAs(2);
        Named record = lines.computeIfAbsent(row.getLong(1), line -> new Named());
        record.isTheirs |= row.getBoolean(3);
        record.isOthers |= !row.getBoolean(3);
        for (int id : new int[] {4, 5}) {
          if (!row.isNullAt(id)) {
            record.own.add(row.getString(id));
          }
        }
        for (long more = 1; more <= lineEnds(raw); more++) {
          lines.put(row.getLong(1) + more, record);
        }
      }
    }
    return new Redaction(named, feed, erased, settings.recordLimitBytes() * LONGEST_LINE);
  }

  /** A record of theirs that is one of several in its line counts as others' too. */
  private static Dataset<Row> naming(Dataset<Row> records, ErasedPersons erased) {
    UserDefinedFunction isErased =
        udf((UDF1<String, Boolean>) erased::holds, DataTypes.BooleanType).withName("is_erased");
    UserDefinedFunction isIn =
        udf(
                (UDF1<byte[], Boolean>)
                    raw -> raw != null && erased.isIn(new String(raw, StandardCharsets.UTF_8)),
                DataTypes.BooleanType)
            .withName("holds_erased");
    Column user = isErased.apply(col(USER_ID));
    Column device = isErased.apply(col(DEVICE_ID));
    Column hasUser = coalesce(col(USER_ID).notEqual(""), lit(false));
    return records
        .where(col(LexicalPlan.LINE).isNotNull())
        .withColumn(IS_THEIRS, user.or(device.and(hasUser.unary_$bang())))
        .where(col(IS_THEIRS).or(device).or(isIn.apply(col(LexicalPlan.RAW))))
        .select(
            col(LexicalPlan.FILE),
            col(LexicalPlan.LINE),
            col(LexicalPlan.RAW),
            col(IS_THEIRS),
            when(user, col(USER_ID)),
            when(device, col(DEVICE_ID)));
  }

  private static int lineEnds(byte[] raw) {
    int ends = 0;
    for (byte each : raw) {
      ends += each == '\n' ? 1 : 0;
    }
    return ends;
  }

  /** The files that name erased persons. */
  public Set<String> paths() {
    return files.keySet();
  }

  /**
   * Writes a file without them, compressed as it was.
   *
   * @param stored the file as it is stored
   * @throws Left where it can't be cut
   */
  public void copy(String path, InputStream stored, OutputStream target) throws IOException {
    requireCuttable();
    Map<Long, Named> lines = files.getOrDefault(path, Map.of());
    try (InputStream in = new BufferedInputStream(Archives.open(stored, path));
        OutputStream out = new BufferedOutputStream(compressed(target, path))) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      long number = 1;
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (next != '\n') {
          line.write(next);
          if (line.size() > longestLine) {
            throw new Left("line " + number + " is too long");
          }
          continue;
        }
        out.write(cut(line.toByteArray(), lines.get(number++)));
        out.write('\n');
        line.reset();
      }
      out.write(cut(line.toByteArray(), lines.get(number)));
    } catch (Archives.Damaged damaged) {
      throw new Left("the archive is damaged");
    }
  }

  private void requireCuttable() throws Left {
    if (feed.format() == Feed.Format.PARQUET) {
      throw new Left("it is Parquet");
    }
    if (feed.format() == Feed.Format.CSV && isMadeOfOffsets()) {
      throw new Left("the feed's mapping is made of offsets");
    }
  }

  private boolean isMadeOfOffsets() {
    return feed.mapping().values().stream().anyMatch(each -> each.contains(LexicalPlan.OFFSET));
  }

  private static OutputStream compressed(OutputStream target, String path) throws IOException {
    String name = path.toLowerCase(Locale.ROOT);
    if (name.endsWith(".gz") || name.endsWith(".gzip")) {
      return new GZIPOutputStream(target);
    }
    if (name.endsWith(".zst") || name.endsWith(".zstd")) {
      return new ZstdOutputStream(target);
    }
    return target;
  }

  private byte[] cut(byte[] line, Named named) throws Left {
    if (named == null) {
      return line;
    }
    if (named.isTheirs && feed.kind() == Feed.Kind.EVENTS) {
      if (feed.explode().isPresent() || named.isOthers) {
        throw new Left("one line holds records of several persons");
      }
      return blank(line);
    }
    Charset charset = charset(line);
    boolean isReturned = line.length > 0 && line[line.length - 1] == '\r';
    String text = new String(line, 0, line.length - (isReturned ? 1 : 0), charset);
    boolean isJson = feed.format() == Feed.Format.JSON;
    for (String own : named.own) {
      text = isJson ? withoutValueInJson(text, own) : withoutValueInCsv(text, own);
    }
    // What is no JSON may hold them outside of its strings.
    text = erased.withoutIds(isJson ? erased.withoutIdsInJson(text) : text);
    byte[] left = text.getBytes(charset);
    int end = isReturned ? line.length - 1 : line.length;
    if (!isJson) {
      return isReturned ? Arrays.copyOf((text + '\r').getBytes(charset), left.length + 1) : left;
    }
    if (left.length > end && isMadeOfOffsets()) {
      throw new Left("the feed's mapping is made of offsets");
    }
    // Spaces behind the object keep all that follows where it is; a number becomes a longer text.
    byte[] padded = new byte[Math.max(left.length, end) + (isReturned ? 1 : 0)];
    Arrays.fill(padded, (byte) ' ');
    if (isReturned) {
      padded[padded.length - 1] = '\r';
    }
    System.arraycopy(left, 0, padded, 0, left.length);
    return padded;
  }

  /** One in which all bytes of a line survive being read and written. */
  private Charset charset(byte[] line) {
    Charset declared =
        feed.format() == Feed.Format.CSV
            ? Charset.forName(feed.encoding())
            : StandardCharsets.UTF_8;
    byte[] back = new String(line, declared).getBytes(declared);
    return Arrays.equals(back, line) ? declared : StandardCharsets.ISO_8859_1;
  }

  /** A line of as many bytes, which counts as blank. */
  private static byte[] blank(byte[] line) {
    byte[] blank = new byte[line.length];
    Arrays.fill(blank, (byte) ' ');
    if (line.length > 0 && line[line.length - 1] == '\r') {
      blank[line.length - 1] = '\r';
    }
    return blank;
  }

  /** An id that is a value of its own, of whatever length, is the empty one. */
  private static String withoutValueInJson(String json, String id) {
    String text = json.replace('"' + id + '"', "\"\"");
    return Pattern.compile("(?<=[:,\\[]\\s{0,8})" + Pattern.quote(id) + "(?=\\s*[,}\\]])")
        .matcher(text)
        .replaceAll("\"\"");
  }

  private String withoutValueInCsv(String csv, String id) {
    String end = Pattern.quote(String.valueOf(feed.delimiter()));
    return Pattern.compile("(^|(?<=%s))(\"?)%s\\2(?=%s|$)".formatted(end, Pattern.quote(id), end))
        .matcher(csv)
        .replaceAll(Matcher.quoteReplacement(""));
  }
}
