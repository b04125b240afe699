package io.shoplens.job;

import io.shoplens.config.Feed;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.Lake;
import io.shoplens.lake.Publication;
import io.shoplens.table.OutboundLinks;
import io.shoplens.table.Reach;
import io.shoplens.table.Sessions;
import io.shoplens.table.Table;
import io.shoplens.table.Touchpoints;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a run has to bring up to date: all that came in since the last publication, and the dates
 * that it, or a run that did not publish them, was asked to rebuild.
 *
 * @param publishedSequence last ingest that is published; 0 before the first publication
 * @param publishedVersions version of every table at the last publication
 * @param eventDates business dates that received events, or are rebuilt
 * @param touchedDates business dates that received any record, or are rebuilt
 * @param utcDates UTC dates that received any record, or are rebuilt
 * @param rebuiltDates dates asked for, whether they received data or not
 * @param reopened dates among them that had been published, and why they are not done with
 */
record Scope(
    long publishedSequence,
    Map<String, Long> publishedVersions,
    SortedSet<LocalDate> eventDates,
    SortedSet<LocalDate> touchedDates,
    SortedSet<LocalDate> utcDates,
    SortedSet<LocalDate> rebuiltDates,
    List<Reopened> reopened) {

  static Scope of(RunContext context, RunRequest request, FileLedger ledger) {
    Optional<Publication> last = Publication.last(context.lake());
    long sequence = last.map(Publication::sequence).orElse(0L);
    Map<String, Long> versions = last.map(Publication::versions).orElse(Map.of());
    SortedSet<LocalDate> eventDates = new TreeSet<>();
    SortedSet<LocalDate> touchedDates = new TreeSet<>();
    SortedSet<LocalDate> utcDates = new TreeSet<>();
    Set<String> eventFeeds =
        context.config().feeds().stream()
            .filter(feed -> feed.kind() == Feed.Kind.EVENTS)
            .map(Feed::name)
            .collect(Collectors.toSet());
    for (FileLedger.Entry entry : ledger.settledAfter(sequence)) {
      FileLedger.Balance balance = entry.balance().orElseThrow();
      touchedDates.addAll(balance.dates());
      utcDates.addAll(balance.utcDates());
      if (eventFeeds.contains(entry.file().feed())) {
        eventDates.addAll(balance.dates());
      }
    }
    SortedSet<LocalDate> rebuilt = rebuilt(request);
    rebuilt.addAll(begun(context.lake(), versions, eventDates));
    for (SortedSet<LocalDate> dates : List.of(eventDates, touchedDates, utcDates)) {
      dates.addAll(rebuilt);
    }
    return new Scope(
        sequence,
        versions,
        eventDates,
        touchedDates,
        utcDates,
        rebuilt,
        Reopened.since(sequence, ledger, rebuilt));
  }

  /** Whether there is nothing to bring up to date. */
  boolean isEmpty() {
    return touchedDates.isEmpty();
  }

  /** The published version of a table; -1 where none is. */
  long publishedVersion(Table table) {
    return publishedVersions.getOrDefault(table.name(), -1L);
  }

  /**
   * Dates that a run began to rebuild which was not published: their clicks, which come first, were
   * rewritten, and nothing that came in is the reason. Under which settings nobody knows any more,
   * so it is begun again.
   */
  private static SortedSet<LocalDate> begun(
      Lake lake, Map<String, Long> published, SortedSet<LocalDate> eventDates) {
    SortedSet<LocalDate> rewritten = new TreeSet<>();
    for (Table table : List.of(Sessions.TABLE, OutboundLinks.TABLE, Touchpoints.TABLE)) {
      rewritten.addAll(lake.datesRewrittenAfter(table, published.getOrDefault(table.name(), -1L)));
    }
    Reach reach = Touchpoints.TABLE.reach();
    SortedSet<LocalDate> begun = reach.within(rewritten);
    begun.removeAll(reach.within(reach.of(eventDates)));
    return begun;
  }

  private static SortedSet<LocalDate> rebuilt(RunRequest request) {
    SortedSet<LocalDate> dates = new TreeSet<>();
    request
        .from()
        .ifPresent(
            from -> from.datesUntil(request.to().orElseThrow().plusDays(1)).forEach(dates::add));
    return dates;
  }
}
