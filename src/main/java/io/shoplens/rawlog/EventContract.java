package io.shoplens.rawlog;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.IngestSettings;
import io.shoplens.config.Reference;
import io.shoplens.table.Events;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Function1;

/** The contract of a clickstream event. */
final class EventContract {
  /** The fields of the contract, in its order. A new one goes to the end: stored hashes stand. */
  static final List<String> FIELDS =
      List.of(
          EVENT_ID,
          EVENT_TYPE,
          EVENT_AT,
          RECEIVED_AT,
          USER_ID,
          DEVICE_ID,
          MARKET,
          REGION,
          SURFACE,
          CONTENT_ID,
          CREATOR_ID,
          PRODUCT_ID,
          CATEGORY,
          AD_ID,
          LINK_URL,
          REFERRER_URL,
          UTM_SOURCE,
          UTM_MEDIUM,
          UTM_CAMPAIGN,
          APP_VERSION,
          PLATFORM,
          USER_AGENT);

  /** What an exact repeat has in common. */
  static final List<String> CONTENT = Provenance.content(FIELDS);

  private EventContract() {}

  /** What a native field may be. */
  static LexicalField.Type type(String field) {
    return field.equals(EVENT_AT) || field.equals(RECEIVED_AT)
        ? LexicalField.Type.INSTANT
        : LexicalField.Type.TEXT;
  }

  /**
   * Rows of bronze.events from records whose fields are text and whose instants are microseconds.
   */
  static Function1<Dataset<Row>, Dataset<Row>> rows(IngestSettings settings, Reference reference) {
    return records -> {
      Faults faults = faults(settings, reference);
      // Each step between that keeps all columns would copy every record once more, and so would
      // one after this that looks at an instant often, were it not a column here.
      String at = "__event_at";
      Dataset<Row> checked =
          records.withColumns(
              Map.of(Provenance.FAULT, faults.first(), at, Provenance.instant(col(EVENT_AT))));
      Map<String, Column> own = new HashMap<>();
      for (String field : FIELDS) {
        own.put(field, col(field));
      }
      own.put(USER_ID, person(USER_ID));
      own.put(DEVICE_ID, person(DEVICE_ID));
      List<Column> content =
          CONTENT.stream()
              .map(
                  field ->
                      field.equals(USER_ID) || field.equals(DEVICE_ID) ? person(field) : col(field))
              .toList();
      own.put(EVENT_AT, col(at));
      own.put(RECEIVED_AT, Provenance.instant(col(RECEIVED_AT)));
      own.put(EXTRA, col(EXTRA));
      own.put(EVENT_UTC_DATE, when(Provenance.isAccepted(), col(at).cast("date")));
      own.put(CONTENT_HASH, Provenance.contentHash(content));
      return Provenance.rows(checked, Events.TABLE, faults, own);
    };
  }

  /** An empty identifier is none. */
  static Column person(String field) {
    return when(col(field).notEqual(""), col(field));
  }

  private static Faults faults(IngestSettings settings, Reference reference) {
    Faults faults = new Faults(FIELDS, "").required(EVENT_ID).required(EVENT_TYPE);
    instants(faults, settings);
    return faults
        .rule(
            Faults.absent(col(USER_ID))
                .and(Faults.absent(col(DEVICE_ID)))
                .and(faults.isWrong(USER_ID).unary_$bang())
                .and(faults.isWrong(DEVICE_ID).unary_$bang()),
            USER_ID,
            Codes.MISSING_FIELD)
        .required(MARKET)
        .rule(
            isUnknown(MARKET, new TreeSet<>(reference.markets().keySet())),
            MARKET,
            Codes.UNKNOWN_VALUE);
  }

  /** The rules of event_at and received_at. */
  static void instants(Faults faults, IngestSettings settings) {
    Column at = col(EVENT_AT);
    Column received = col(RECEIVED_AT);
    long earliest = settings.earliestDate().toEpochDay() * 86_400_000_000L;
    long tolerance = settings.futureTolerance().toNanos() / 1_000L;
    faults
        .rule(
            at.equalTo(lit(Instants.ABSENT))
                .or(at.equalTo(lit(Instants.EMPTY)))
                .and(faults.isWrong(EVENT_AT).unary_$bang()),
            EVENT_AT,
            Codes.MISSING_FIELD)
        .rule(at.equalTo(lit(Instants.BAD)), EVENT_AT, Codes.BAD_TIMESTAMP)
        .rule(at.equalTo(lit(Instants.NO_ZONE)), EVENT_AT, Codes.NO_ZONE)
        .rule(
            at.gt(lit(Instants.LAST_MARK)).and(at.lt(lit(earliest))), EVENT_AT, Codes.OUT_OF_RANGE)
        .rule(
            received
                .gt(lit(Instants.LAST_MARK))
                // Nothing can be taken from the marks: they are the smallest numbers there are.
                .and(at.gt(lit(Instants.LAST_MARK)))
                .and(at.minus(lit(tolerance)).gt(received)),
            EVENT_AT,
            Codes.FROM_FUTURE)
        .rule(
            received.equalTo(lit(Instants.BAD)).or(received.equalTo(lit(Instants.EMPTY))),
            RECEIVED_AT,
            Codes.BAD_TIMESTAMP)
        .rule(received.equalTo(lit(Instants.NO_ZONE)), RECEIVED_AT, Codes.NO_ZONE);
  }

  /** Whether a value that is there is none of these. */
  static Column isUnknown(String field, Collection<String> known) {
    return col(field).isNotNull().and(col(field).isin(known.toArray()).unary_$bang());
  }
}
