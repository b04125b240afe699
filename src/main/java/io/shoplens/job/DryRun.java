package io.shoplens.job;

import io.shoplens.config.Feed;
import io.shoplens.job.IngestPreview.FileToRead;
import io.shoplens.lake.FeedFile;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.FileLedger.Entry;
import io.shoplens.lake.FileLedger.State;
import io.shoplens.rawlog.SampleCheck;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** An ingest that writes nothing: what would be read, and what of it would be rejected. */
final class DryRun {
  private static final int FILES = 3;
  private static final int RECORDS_PER_FILE = 1000;

  private DryRun() {}

  /** What an ingest would do, feed by feed. */
  static List<IngestPreview> of(RunContext run, RunRequest.Listing listing) {
    FileLedger ledger = FileLedger.of(run.lake());
    Map<String, Entry> latest = ledger.latest();
    List<FeedFile> listed = Incoming.listed(run, ledger, listing, notice -> {});
    Set<FeedFile> unread = new HashSet<>(ledger.unread(listed, run.config().digest()));
    ledger.unfinished().ifPresent(plan -> unread.addAll(plan.wholeFiles()));
    List<IngestPreview> previews = new ArrayList<>();
    for (Feed feed : run.config().feeds()) {
      List<FeedFile> own = listed.stream().filter(file -> file.feed().equals(feed.name())).toList();
      List<FeedFile> files = own.stream().filter(unread::contains).toList();
      previews.add(
          new IngestPreview(
              feed.name(),
              own.size(),
              files.stream()
                  .map(
                      file ->
                          new FileToRead(
                              file.path(),
                              file.size(),
                              why(file, Optional.ofNullable(latest.get(file.path())))))
                  .toList(),
              sample(run, ledger, feed, files)));
    }
    return previews;
  }

  private static String why(FeedFile file, Optional<Entry> known) {
    if (known.isEmpty()) {
      return "new";
    }
    if (known.get().state().isPlan()) {
      return "unfinished";
    }
    if (known.get().state() == State.GONE) {
      return "gone before";
    }
    return known.get().file().isSameContent(file) ? "held before" : "changed";
  }

  /** The first, the last and a file between them stand for all. */
  private static Optional<SampleCheck> sample(
      RunContext run, FileLedger ledger, Feed feed, List<FeedFile> files) {
    List<FeedFile> sample = new ArrayList<>();
    List<FeedFile> filled = files.stream().filter(file -> file.size() > 0).toList();
    int taken = Math.min(FILES, filled.size());
    for (int i = 0; i < taken; i++) {
      sample.add(filled.get(taken == 1 ? 0 : i * (filled.size() - 1) / (taken - 1)));
    }
    Inputs inputs = new Inputs(run, ledger);
    Supplier<SampleCheck> check =
        () ->
            SampleCheck.of(
                run.session(),
                feed,
                inputs.of(sample),
                RECORDS_PER_FILE,
                run.config().ingest(),
                run.config().reference());
    return sample.isEmpty() ? Optional.empty() : Optional.of(inputs.read(sample, check, check));
  }
}
