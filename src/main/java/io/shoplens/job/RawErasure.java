package io.shoplens.job;

import io.shoplens.config.ErasedPersons;
import io.shoplens.config.Feed;
import io.shoplens.config.ShoplensConfig;
import io.shoplens.lake.FeedFile;
import io.shoplens.lake.FeedFiles;
import io.shoplens.lake.FileLedger;
import io.shoplens.lake.Lake;
import io.shoplens.lake.RawFiles;
import io.shoplens.rawlog.InputFile;
import io.shoplens.rawlog.Redaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Erased persons out of the raw files of all feeds, whether the lake read them or knows nothing of
 * them yet.
 *
 * <p>Every file is read once, because a repeat of a record that stands in bronze may lie anywhere.
 * A file that names them is written anew and entered in the ledger as it is now, so that nothing is
 * read again. Where that is cut short between the two, the next run reads the file once more and
 * finds repeats and blank lines.
 */
final class RawErasure {
  /**
   * What became of the files that name erased persons.
   *
   * @param rewritten no longer do
   * @param left still do: their owner's to mend
   */
  record Outcome(Set<String> rewritten, Set<String> left) {}

  private final Lake lake;
  private final ShoplensConfig config;

  RawErasure(Lake lake, ShoplensConfig config) {
    this.lake = lake;
    this.config = config;
  }

  Outcome erase(ErasedPersons erased, Consumer<String> notices) {
    Map<FeedFile, FeedFile> rewritten = new LinkedHashMap<>();
    Set<String> left = new TreeSet<>();
    for (Feed feed : config.feeds()) {
      List<FeedFile> files = FeedFiles.of(feed, lake.hadoop());
      Redaction redaction =
          Redaction.of(
              lake.session(),
              feed,
              files.stream().map(RawErasure::input).toList(),
              config.ingest(),
              erased);
      for (FeedFile file : files) {
        if (redaction.paths().contains(file.path())) {
          rewritten(file, redaction, notices)
              .ifPresentOrElse(now -> rewritten.put(file, now), () -> left.add(file.path()));
        }
      }
    }
    FileLedger.of(lake).enterRewritten(rewritten);
    Set<String> paths = new TreeSet<>();
    rewritten.keySet().forEach(file -> paths.add(file.path()));
    return new Outcome(paths, left);
  }

  private static InputFile input(FeedFile file) {
    return new InputFile(file.path(), file.size());
  }

  private Optional<FeedFile> rewritten(
      FeedFile file, Redaction redaction, Consumer<String> notices) {
    lake.requireLease();
    try {
      Optional<FeedFile> now =
          RawFiles.replace(
              file,
              (stored, target) -> redaction.copy(file.path(), stored, target),
              (half, size) ->
                  redaction.requireSame(input(file), new InputFile(half, size), config.reference()),
              lake.hadoop());
      if (now.isEmpty()) {
        notices.accept("left " + file.path() + ": it was changed meanwhile");
      }
      return now;
    } catch (Redaction.Left reason) {
      notices.accept("left " + file.path() + ": " + reason.getMessage());
      return Optional.empty();
    } catch (IOException failure) {
      throw new UncheckedIOException("can't write " + file.path() + " anew", failure);
    }
  }
}
