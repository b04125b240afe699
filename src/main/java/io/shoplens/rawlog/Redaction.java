package io.shoplens.rawlog;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.github.luben.zstd.ZstdOutputStream;
import io.shoplens.config.ErasedPersons;
import io.shoplens.config.Feed;
import io.shoplens.config.IngestSettings;
import io.shoplens.config.Reference;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Raw files without erased persons, record for record what the ingest would make of them: of an
 * event of theirs a blank line is left, an order event of theirs is nobody's, and their ids as
 * words in anybody's records become another word.
 *
 * <p>An id of whatever length goes where the feed reads user and device ids from, and nowhere else:
 * a quantity or a product may look the same. Every record stays on its line, so that what the
 * quarantine says of places stays true; in JSON it stays at its offset too. What can't be cut so is
 * left to its owner: Parquet, damaged archives, a line that is an array of several persons'
 * records, CSV whose mapping makes ids of offsets, and whatever turns out, when it is read once
 * more, to name them still or to have become other records.
 */
public final class Redaction {
  private static final String IS_THEIRS = "__is_theirs";
  private static final String RECORD = "__record";

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

  private final SparkSession session;
  private final Feed feed;
  private final IngestSettings settings;
  private final ErasedPersons erased;

  /** Where the feed reads user and device ids from: columns, or paths in JSON. */
  private final Set<String> sources;

  private Redaction(
      Map<String, Map<Long, Named>> files,
      SparkSession session,
      Feed feed,
      IngestSettings settings,
      ErasedPersons erased) {
    this.files = files;
    this.session = session;
    this.feed = feed;
    this.settings = settings;
    this.erased = erased;
    this.sources = sources(session, feed);
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
        Named record = lines.computeIfAbsent(row.getLong(1), line -> new Named());
        record.isTheirs |= row.getBoolean(3);
        record.isOthers |= !row.getBoolean(3);
        for (int id : new int[] {4, 5}) {
          if (!row.isNullAt(id)) {
            record.own.add(row.getString(id));
          }
        }
        for (long more = 1; more <= row.getInt(2); more++) {
          lines.put(row.getLong(1) + more, record);
        }
      }
    }
    return new Redaction(named, session, feed, settings, erased);
  }

  /** Columns or paths that the mapping of ids names. */
  private static Set<String> sources(SparkSession session, Feed feed) {
    Mapping mapping = Mapping.of(feed);
    Set<String> sources = new TreeSet<>();
    for (String id : List.of(USER_ID, DEVICE_ID)) {
      if (mapping.isNative()) {
        sources.add(id);
      } else {
        mapping
            .expression(id)
            .ifPresent(sql -> names(session, sql).forEach(name -> sources.add(source(feed, name))));
      }
    }
    return sources;
  }

  private static String source(Feed feed, String name) {
    return feed.fields().entrySet().stream()
        .filter(field -> field.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(name);
  }

  private static List<String> names(SparkSession session, String sql) {
    try {
      Expression expression = session.sessionState().sqlParser().parseExpression(sql);
      return CollectionConverters.asJava(expression.collectLeaves()).stream()
          .filter(UnresolvedAttribute.class::isInstance)
          .map(leaf -> ((UnresolvedAttribute) leaf).nameParts().head())
          .toList();
    } catch (ParseException wrong) {
      throw new IllegalStateException("can't parse " + sql, wrong);
    }
  }

  /** A record of theirs that is one of several in its line counts as others' too. */
  private static Dataset<Row> naming(Dataset<Row> records, ErasedPersons erased) {
    UserDefinedFunction isErased =
        udf((UDF1<String, Boolean>) erased::holds, DataTypes.BooleanType).withName("is_erased");
    UserDefinedFunction isIn =
        udf(
                (UDF1<byte[], Boolean>)
                    raw ->
                        raw != null && erased.isReplacedIn(new String(raw, StandardCharsets.UTF_8)),
                DataTypes.BooleanType)
            .withName("holds_erased");
    UserDefinedFunction lineEnds =
        udf((UDF1<byte[], Integer>) Redaction::lineEnds, DataTypes.IntegerType)
            .withName("line_ends");
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
            lineEnds.apply(col(LexicalPlan.RAW)),
            col(IS_THEIRS),
            when(user, col(USER_ID)),
            when(device, col(DEVICE_ID)));
  }

  /** Line ends within a record; none of one without bytes. */
  private static int lineEnds(byte[] raw) {
    int ends = 0;
    for (byte each : raw == null ? new byte[0] : raw) {
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
    CsvCells cells = new CsvCells(feed, sources);
    try (InputStream in = new BufferedInputStream(Archives.open(stored, path));
        OutputStream out = new BufferedOutputStream(compressed(target, path))) {
      ByteArrayOutputStream record = new ByteArrayOutputStream();
      long number = 1;
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (next != '\n') {
          record.write(next);
          if (record.size() > (long) settings.recordLimitBytes() * LONGEST_LINE) {
            throw new Left("line " + number + " is too long");
          }
          continue;
        }
        Named named = lines.get(number++);
        if (named != null && named == lines.get(number)) {
          record.write(next);
        } else {
          out.write(cut(record.toByteArray(), named, cells));
          out.write(next);
          record.reset();
        }
      }
      out.write(cut(record.toByteArray(), lines.get(number), cells));
    } catch (Archives.Damaged damaged) {
      throw new Left("the archive is damaged");
    }
  }

  /**
   * Requires that a file written by {@link #copy} names nobody and is the same records as before to
   * an ingest, but for offsets in CSV.
   *
   * @throws Left where it isn't
   */
  public void requireSame(InputFile before, InputFile after, Reference reference) throws Left {
    if (!of(session, feed, List.of(after), settings, erased).paths().isEmpty()) {
      throw new Left("it would name them still");
    }
    // Records that are made of their file's name are others under another.
    boolean isComparable =
        feed.mapping().values().stream().noneMatch(each -> each.contains(LexicalPlan.FILE));
    String times = "times";
    if (isComparable
        && !records(before, reference)
            .withColumn(times, lit(1))
            .unionByName(records(after, reference).withColumn(times, lit(-1)))
            .groupBy(RECORD)
            .agg(sum(times).as(times))
            .where(col(times).notEqual(0))
            .isEmpty()) {
      throw new Left("it would be other records");
    }
  }

  private Dataset<Row> records(InputFile file, Reference reference) {
    Dataset<Row> rows =
        RawLog.read(
            session,
            feed,
            List.of(file),
            settings,
            reference,
            PersonalData.under(Optional.empty(), erased));
    Column[] compared =
        Arrays.stream(rows.columns())
            .filter(name -> !List.of(SOURCE_FILE, SOURCE_OFFSET, REJECT_RAW).contains(name))
            .map(name -> col(name))
            .toArray(Column[]::new);
    return rows.where(col(RECORD_KIND).notEqual("file"))
        .select(xxhash64(to_json(struct(compared))).as(RECORD));
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

  private byte[] cut(byte[] line, Named named, CsvCells cells) throws Left {
    if (named == null) {
      if (feed.format() == Feed.Format.CSV && cells.needsHeader()) {
        cells.learn(new String(line, charset(line)));
      }
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
    int end = line.length - (isReturned ? 1 : 0);
    String text = new String(line, 0, end, charset);
    if (feed.format() != Feed.Format.JSON) {
      String left = erased.withoutIds(cells.without(text, named.own));
      return (isReturned ? left + '\r' : left).getBytes(charset);
    }
    byte[] left = withoutIdsInJson(text, named.own).getBytes(charset);
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

  private String withoutIdsInJson(String text, Set<String> own) {
    try {
      return erased.withoutIdsInJson(JsonValues.without(text, own, sourcePaths()));
    } catch (JsonProcessingException noJson) {
      // It may hold them outside of strings.
      return erased.withoutIds(erased.withoutIdsInJson(text));
    }
  }

  /** The sources as steps from the root of a line. */
  private List<List<Object>> sourcePaths() {
    List<List<Object>> paths = new ArrayList<>();
    for (String source : sources) {
      List<Object> steps = new ArrayList<>();
      if (source.startsWith("@")) {
        steps.addAll(FieldTree.steps(feed.explode().orElseThrow(), feed.name()));
        steps.add(JsonValues.EACH);
      }
      steps.addAll(FieldTree.steps(source, feed.name()));
      paths.add(steps);
    }
    return paths;
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

  /** Lines of as many bytes, which count as blank. */
  private static byte[] blank(byte[] lines) {
    byte[] blank = new byte[lines.length];
    Arrays.fill(blank, (byte) ' ');
    for (int at = 0; at < lines.length; at++) {
      boolean isEnd = at + 1 == lines.length || lines[at + 1] == '\n';
      if (lines[at] == '\n' || (lines[at] == '\r' && isEnd)) {
        blank[at] = lines[at];
      }
    }
    return blank;
  }
}
