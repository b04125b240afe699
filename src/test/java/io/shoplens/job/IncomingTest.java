package io.shoplens.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.lake.FeedFile;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.FileLedger.Balance;
import io.shoplens.lake.FileLedger.Entry;
import io.shoplens.lake.FileLedger.State;
import io.shoplens.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What listing the feeds costs, and which files it finds. */
class IncomingTest {
  private static final LocalDate LAST = LocalDate.parse("2026-03-08");

  /** Local files that count how often a folder is listed. */
  public static final class Counted extends RawLocalFileSystem {
    private static int listings;

    @Override
    public FileStatus[] listStatus(org.apache.hadoop.fs.Path path) throws IOException {
      listings++;
      return super.listStatus(path);
    }
  }

  @TempDir Path folder;

  @Test
  void costsTheSameHoweverLongTheHistoryIs() throws IOException {
    List<Integer> recent = new ArrayList<>();
    for (int days : List.of(12, 90)) {
      Place place = history("days" + days, days);
      place.put("events/date=2026-03-09/a.jsonl", "{}");
      place.put("events/date=" + LAST.minusDays(3) + "/late.jsonl", "{}");
      place.put("events/date=" + LAST.minusDays(11) + "/very-late.jsonl", "{}");

      Counted.listings = 0;
      assertThat(unread(place, RunRequest.Listing.RECENT))
          .containsExactly("2026-03-05/late.jsonl", "2026-03-09/a.jsonl");
      recent.add(Counted.listings);

      Counted.listings = 0;
      assertThat(unread(place, RunRequest.Listing.FULL))
          .containsExactly(
              "2026-02-25/very-late.jsonl", "2026-03-05/late.jsonl", "2026-03-09/a.jsonl");
      assertThat(Counted.listings).isGreaterThan(days);
    }
    // The folder of folders, those of nine dates, and that of the other feed.
    assertThat(recent.get(1)).isEqualTo(recent.get(0)).isLessThan(20);
  }

  @Test
  void findsWhatBecameOfOldFilesThatAreNotDoneWith() throws IOException {
    Place place = history("open", 30);
    LocalDate date = LAST.minusDays(20);
    Entry old = place.entry("events/date=" + date + "/a");
    place.ledger().record(List.of(settled(2, old.file(), State.DAMAGED)), "r", Instant.EPOCH);
    place.put("events/date=" + date + "/a.jsonl", "{}", "{}");
    place.put("events/date=" + date.minusDays(1) + "/a.jsonl", "{}", "{}");

    assertThat(unread(place, RunRequest.Listing.RECENT)).containsExactly(date + "/a.jsonl");
  }

  @Test
  void aFolderDatedInTheFutureIsReadAndNamedAndHidesNothing() throws IOException {
    Place place = history("ahead", 12);
    place.put("events/date=2062-03-08/a.jsonl", "{}");
    place.put("events/date=2026-03-11/a.jsonl", "{}");
    place
        .ledger()
        .record(
            place.listed(RunRequest.Listing.FULL).stream()
                .filter(file -> file.path().contains("2062"))
                .map(file -> settled(2, file, State.DONE))
                .toList(),
            "r",
            Instant.EPOCH);
    place.put("events/date=2026-03-09/a.jsonl", "{}");

    List<String> notices = new ArrayList<>();
    assertThat(unread(place, RunRequest.Listing.RECENT))
        .containsExactly("2026-03-09/a.jsonl", "2026-03-11/a.jsonl");
    place.listed(RunRequest.Listing.RECENT, notices::add);
    assertThat(notices)
        .containsExactly(
            "feed clicks has a folder dated 2062-03-08, which is still to come: its files are read, and new ones looked for as if it were not there");
  }

  /** A place whose files of the days up to the last one are all done. */
  private Place history(String name, int days) throws IOException {
    Path events = folder.resolve(name).resolve("events");
    Place place =
        new Place(
            folder, name, "clicks", Map.of("feeds.clicks.path", events + "/date={date}/*.jsonl"));
    for (int day = 0; day < days; day++) {
      place.put("events/date=" + LAST.minusDays(day) + "/a.jsonl", "{}");
    }
    FileLedger ledger = place.ledger();
    ledger.record(
        place.listed(RunRequest.Listing.FULL).stream()
            .map(file -> settled(1, file, State.DONE))
            .toList(),
        "r",
        Instant.EPOCH);
    return place;
  }

  private static Entry settled(long sequence, FeedFile file, State state) {
    return new Entry(sequence, file, state, Optional.of(Balance.ofNothing()), "digest");
  }

  /** Date and name of the files of the feed of events that an ingest would read. */
  private static List<String> unread(Place place, RunRequest.Listing listing) {
    Configuration hadoop = LocalSpark.session().sparkContext().hadoopConfiguration();
    hadoop.set("fs.file.impl", Counted.class.getName());
    hadoop.set("fs.file.impl.disable.cache", "true");
    List<FeedFile> listed = place.listed(listing);
    hadoop.unset("fs.file.impl");
    hadoop.unset("fs.file.impl.disable.cache");
    return place.ledger().unread(listed, "digest").stream()
        .map(file -> file.path().replaceFirst(".*date=", ""))
        .toList();
  }
}
