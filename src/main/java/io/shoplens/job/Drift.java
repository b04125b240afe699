package io.shoplens.job;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;

import io.shoplens.lake.FileLedger.Plan;
import io.shoplens.lake.Lake;
import io.shoplens.rawlog.UnknownFields;
import io.shoplens.rawlog.UnknownFields.Facts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/** Tells of every field that nothing reads once: by the ingest that first meets it. */
final class Drift {
  private Drift() {}

  /**
   * The fields of an ingest that none before it has met.
   *
   * @param unknown what its files have, by path, as bronze holds it
   * @param keeping feeds whose unknown fields are kept
   */
  static List<UnknownField> firstSeen(
      Lake lake, Plan plan, SortedMap<String, String> unknown, Set<String> keeping) {
    if (unknown.isEmpty()) {
      return List.of();
    }
    Map<String, String> feeds =
        plan.files().stream().collect(Collectors.toMap(file -> file.path(), file -> file.feed()));
    Map<String, SortedMap<String, Facts>> fields = new TreeMap<>();
    unknown.forEach(
        (path, json) ->
            UnknownFields.parsed(json)
                .forEach(
                    (field, facts) ->
                        fields
                            .computeIfAbsent(feeds.get(path), feed -> new TreeMap<>())
                            .merge(field, facts, Facts::and)));
    Set<String> known = known(lake, plan.sequence());
    List<UnknownField> first = new ArrayList<>();
    fields.forEach(
        (feed, of) ->
            of.forEach(
                (field, facts) -> {
                  if (!known.contains(feed + "." + field)) {
                    first.add(
                        new UnknownField(
                            feed, field, facts.records(), facts.type(), keeping.contains(feed)));
                  }
                }));
    return first;
  }

  /** Feed and field of all that ingests before have met. */
  private static Set<String> known(Lake lake, long sequence) {
    Set<String> known = new HashSet<>();
    for (Bronze bronze : Bronze.ALL) {
      for (Row row :
          lake.read(bronze.table())
              .where(col(EVENT_UTC_DATE).isNull().and(col(FILE_UNKNOWN_FIELDS).isNotNull()))
              .where(col(SEQUENCE).lt(sequence))
              .select(FEED, FILE_UNKNOWN_FIELDS)
              .distinct()
              .collectAsList()) {
        UnknownFields.parsed(row.getString(1))
            .keySet()
            .forEach(field -> known.add(row.getString(0) + "." + field));
      }
    }
    return known;
  }
}
