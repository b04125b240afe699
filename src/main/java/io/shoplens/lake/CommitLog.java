package io.shoplens.lake;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.shoplens.table.Table;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.delta.actions.SetTransaction;

/**
 * What a table's commits say of themselves: the dates each rewrote, and the rows it wrote.
 *
 * <p>The dates stand in the commit that rewrote them, so that a later step still knows them where a
 * run ends between the two, even when the rows that had them are gone.
 */
final class CommitLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Operations, by Delta's names, that leave every row as it is. */
  private static final Set<String> UPKEEP =
      Set.of("OPTIMIZE", "REORG", "SET TBLPROPERTIES", "VACUUM START", "VACUUM END");

  private final Lake lake;
  private final Table table;

  CommitLog(Lake lake, Table table) {
    this.lake = lake;
    this.table = table;
  }

  /** The text a commit carries for the dates it rewrites. */
  static String metadata(Collection<LocalDate> dates) {
    return dates.stream().map(LocalDate::toString).collect(Collectors.joining(","));
  }

  /**
   * Dates rewritten by the commits after a version (-1: all). Where the clean-up of the log took
   * one of them, every date that the table has is among them.
   */
  SortedSet<LocalDate> datesAfter(long version) {
    SortedSet<LocalDate> dates = new TreeSet<>();
    for (long later = lake.version(table).orElse(-1); later > version; later--) {
      Optional<JsonNode> info = info(later);
      if (info.isEmpty()) {
        dates.addAll(stored());
        return dates;
      }
      for (String date : info.get().path("userMetadata").asText("").split(",")) {
        if (!date.isEmpty()) {
          dates.add(LocalDate.parse(date));
        }
      }
    }
    return dates;
  }

  private List<LocalDate> stored() {
    Column date = col(table.partitionedBy().get(0));
    return lake.read(table)
        .select(date)
        .where(date.isNotNull())
        .distinct()
        .as(Encoders.LOCALDATE())
        .collectAsList();
  }

  /** Whether a commit after a version (-1: any) changed rows that were there, or may have. */
  boolean hasUpdatesAfter(long version) {
    return commitsAfter(version).anyMatch(info -> info.map(CommitLog::isUpdate).orElse(true));
  }

  /** Whether rows are others since: Delta's MERGE also removes some. */
  private static boolean isUpdate(JsonNode info) {
    return operation(info).equals("MERGE")
        && info.path("operationMetrics").path("numTargetRowsUpdated").asLong(1) > 0;
  }

  /** The latest version that has the rows of another: nothing but upkeep came between them. */
  long latestLike(long version) {
    return version
        + commitsAfter(version)
            .takeWhile(info -> info.map(CommitLog::operation).filter(UPKEEP::contains).isPresent())
            .count();
  }

  /** What the commits after a version say of themselves; nothing of those gone. */
  private Stream<Optional<JsonNode>> commitsAfter(long version) {
    return LongStream.rangeClosed(version + 1, lake.version(table).orElse(-1)).mapToObj(this::info);
  }

  private static String operation(JsonNode info) {
    return info.path("operation").asText();
  }

  /** Rows the table's latest commit wrote, by Delta's own count. */
  long rowsWritten() {
    return info(lake.version(table).orElse(-1))
        .map(info -> info.path("operationMetrics").path("numOutputRows").asLong(0))
        .orElse(0L);
  }

  /** Instant of the table's latest commit. */
  Optional<Instant> committedAt() {
    return info(lake.version(table).orElse(-1))
        .map(info -> Instant.ofEpochMilli(info.path("timestamp").asLong()));
  }

  /** The text a commit carries for its marks. */
  static String text(Set<String> marks) {
    return JSON.valueToTree(marks).toString();
  }

  /** The marks of the commit that holds a transaction; empty where it has left the log. */
  Optional<Set<String>> marks(SetTransaction transaction) {
    for (long version = lake.version(table).orElse(-1); version >= 0; version--) {
      List<JsonNode> actions = actions(version);
      if (actions.isEmpty()) {
        return Optional.empty();
      }
      if (actions.stream().anyMatch(action -> isOf(transaction, action.path("txn")))) {
        Set<String> marks = new TreeSet<>();
        info(actions)
            .map(info -> tree(info.path("userMetadata").asText()))
            .ifPresent(texts -> texts.forEach(text -> marks.add(text.asText())));
        return Optional.of(marks);
      }
    }
    return Optional.empty();
  }

  private static boolean isOf(SetTransaction transaction, JsonNode action) {
    return action.path("appId").asText().equals(transaction.appId())
        && action.path("version").asLong() == transaction.version();
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Optional<JsonNode> info(long version) {
    return info(actions(version));
  }

  private static Optional<JsonNode> info(List<JsonNode> actions) {
    return actions.stream()
        .filter(action -> action.has("commitInfo"))
        .map(action -> action.path("commitInfo"))
        .findFirst();
  }

  private List<JsonNode> actions(long version) {
    if (version < 0) {
      return List.of();
    }
    Path commit = new Path(lake.path(table), "_delta_log/%020d.json".formatted(version));
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                commit.getFileSystem(lake.hadoop()).open(commit), StandardCharsets.UTF_8))) {
      List<JsonNode> actions = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        actions.add(JSON.readTree(line));
      }
      return actions;
    } catch (FileNotFoundException cleanedUp) {
      return List.of();
    } catch (IOException failure) {
      throw new UncheckedIOException("can't read " + commit, failure);
    }
  }
}
