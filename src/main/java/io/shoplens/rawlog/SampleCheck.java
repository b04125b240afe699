package io.shoplens.rawlog;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.Feed;
import io.shoplens.config.IngestSettings;
import io.shoplens.config.Reference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What becomes of the first records of some files.
 *
 * @param files files it was taken from
 * @param records records looked at
 * @param rejections why some of them would be rejected, the commonest first
 */
public record SampleCheck(long files, long records, List<Rejection> rejections) {
  private static final int EXAMPLE_LENGTH = 200;

  public SampleCheck {
    rejections = List.copyOf(rejections);
  }

  /**
   * Records that would be rejected for one reason.
   *
   * @param code the contract's code
   * @param field the field at fault; empty where the record as a whole is
   * @param records how many
   * @param file the file of the first of them
   * @param line its line
   * @param example the record as it came, cut to what can be shown
   */
  public record Rejection(
      String code, Optional<String> field, long records, String file, long line, String example) {}

  /** Records of the sample that would be rejected. */
  public long rejected() {
    return rejections.stream().mapToLong(Rejection::records).sum();
  }

  /** Records of the sample that the damage of an archive cut off, which no limit counts. */
  public long cutOff() {
    return rejections.stream()
        .filter(rejection -> rejection.code().equals(Codes.BAD_ARCHIVE))
        .mapToLong(Rejection::records)
        .sum();
  }

  /**
   * Reads no more of the files than it needs, and writes nothing.
   *
   * @param limit records of each file at most
   */
  public static SampleCheck of(
      SparkSession session,
      Feed feed,
      List<InputFile> files,
      int limit,
      IngestSettings settings,
      Reference reference) {
    Dataset<Row> rows =
        files.stream()
            .map(
                file ->
                    RawLog.read(
                            session,
                            feed,
                            List.of(file),
                            settings,
                            reference,
                            PersonalData.asObserved())
                        .where(col(RECORD_KIND).notEqual("file"))
                        .limit(limit))
            .reduce(Dataset::unionByName)
            .orElseThrow();
    List<Rejection> rejections = new ArrayList<>();
    long records = 0;
    for (Row row :
        rows.groupBy(RECORD_KIND, REJECT_CODE, REJECT_FIELD)
            .agg(
                coalesce(sum(when(RawLog.countsAsRecord(feed.kind()), 1L)), lit(0L)),
                min(
                    when(
                        col(RECORD_KIND).equalTo("rejected"),
                        struct(col(SOURCE_FILE), col(SOURCE_LINE), col(REJECT_RAW)))))
            .collectAsList()) {
      records += row.getLong(3);
      if (row.getString(0).equals("rejected")) {
        Row first = row.getStruct(4);
        rejections.add(
            new Rejection(
                row.getString(1),
                Optional.ofNullable(row.getString(2)),
                row.getLong(3),
                first.getString(0),
                first.getLong(1),
                example(first.<byte[]>getAs(2))));
      }
    }
    rejections.sort(
        Comparator.comparing(Rejection::records)
            .reversed()
            .thenComparing(Rejection::code)
            .thenComparing(rejection -> rejection.field().orElse("")));
    return new SampleCheck(files.size(), records, rejections);
  }

  private static String example(byte[] raw) {
    String text = raw == null ? "" : new String(raw, StandardCharsets.UTF_8);
    return text.length() <= EXAMPLE_LENGTH ? text : text.substring(0, EXAMPLE_LENGTH) + "...";
  }
}
