package io.shoplens.job;

import io.shoplens.config.Feed;
import io.shoplens.error.Errors;
import io.shoplens.lake.FeedFile;
import io.shoplens.lake.FeedFiles;
import io.shoplens.lake.FeedFiles.Window;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.FileLedger.Entry;
import io.shoplens.lake.FileLedger.State;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The files that are there of the feeds. */
final class Incoming {
  /** How files ended of which there may be more to come, however old they are. */
  private static final Set<State> OPEN = EnumSet.of(State.HELD, State.DAMAGED, State.GONE);

  /** Days that a folder's date may be ahead of the run, in UTC: its zone's, and a producer's. */
  private static final int DAYS_AHEAD = 2;

  private Incoming() {}

  /**
   * Lists the files of all feeds. Where a feed's folders carry a date, those long before the last
   * one known are left out, unless they hold a file that is held, damaged or gone. A date more than
   * {@value #DAYS_AHEAD} days ahead of the run is a producer's error and not the last one: its
   * files are listed, and so is what comes before them.
   *
   * @param notices told of feeds with such a date
   */
  static List<FeedFile> listed(
      RunContext run, FileLedger ledger, RunRequest.Listing listing, Consumer<String> notices) {
    LocalDate latest = LocalDate.ofInstant(run.startedAt(), ZoneOffset.UTC).plusDays(DAYS_AHEAD);
    List<FeedFile> listed = new ArrayList<>();
    for (Feed feed : run.config().feeds()) {
      Window window =
          listing == RunRequest.Listing.FULL
              ? Window.ALL
              : window(feed, ledger, latest, run.config().ingest().lookBackDays());
      List<FeedFile> files = FeedFiles.of(feed, run.lake().hadoop(), window);
      files.stream()
          .flatMap(file -> FeedFiles.date(feed, file).stream())
          .filter(date -> date.isAfter(latest))
          .max(Comparator.naturalOrder())
          .ifPresent(
              date ->
                  notices.accept(
                      "feed %s has a folder dated %s, which is still to come: its files are read, and new ones looked for as if it were not there"
                          .formatted(feed.name(), date)));
      listed.addAll(files);
    }
    requireOneFeedEach(listed);
    return listed;
  }

  /** A file balances by its path: read by two feeds, it would be counted for one. */
  private static void requireOneFeedEach(List<FeedFile> listed) {
    Map<String, String> feedOf = new HashMap<>();
    for (FeedFile file : listed) {
      String other = feedOf.putIfAbsent(file.path(), file.feed());
      if (other != null) {
        throw Errors.configuration(
            "Feeds " + other + " and " + file.feed() + " both read " + file.path() + ".",
            "A file is known by its path, and its records belong to one feed.",
            "Give each feed a path of its own; what two feeds are to read, deliver to both.");
      }
    }
  }

  private static Window window(Feed feed, FileLedger ledger, LocalDate latest, int lookBackDays) {
    Optional<LocalDate> last = Optional.empty();
    Set<LocalDate> open = new HashSet<>();
    for (Entry entry : ledger.latest().values()) {
      if (entry.file().feed().equals(feed.name())) {
        Optional<LocalDate> date = FeedFiles.date(feed, entry.file());
        boolean isKnown = date.isPresent() && !date.get().isAfter(latest);
        if (isKnown && (last.isEmpty() || date.get().isAfter(last.get()))) {
          last = date;
        }
        if (OPEN.contains(entry.state())) {
          date.ifPresent(open::add);
        }
      }
    }
    return last.map(date -> new Window(date.minusDays(lookBackDays), open)).orElse(Window.ALL);
  }
}
