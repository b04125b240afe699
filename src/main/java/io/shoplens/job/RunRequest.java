package io.shoplens.job;

import java.time.LocalDate;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a run is asked to do.
 *
 * @param command the command line's name for it, as in ops.runs
 * @param steps the steps to take; they go in the order of {@link Step}
 * @param from first business date to rebuild; empty: the dates that received data
 * @param to last business date to rebuild, included; given exactly where {@code from} is
 * @param acceptedFiles held files to take as they are, by path
 * @param replayed quarantined records to read again; empty: none
 * @param listing which folders of the feeds are looked at for new files
 */
public record RunRequest(
    String command,
    Set<Step> steps,
    Optional<LocalDate> from,
    Optional<LocalDate> to,
    SortedSet<String> acceptedFiles,
    Optional<QuarantineFilter> replayed,
    Listing listing) {

  /** Which folders are looked at for new files, where they carry a date. */
  public enum Listing {
    /** Those from a few days before the last one known: {@code ingest.look-back-days}. */
    RECENT,
    /** All. */
    FULL
  }

  public RunRequest {
    steps = Collections.unmodifiableSet(EnumSet.copyOf(steps));
    acceptedFiles = Collections.unmodifiableSortedSet(new TreeSet<>(acceptedFiles));
    if (from.isPresent() != to.isPresent()) {
      throw new IllegalArgumentException("from and to go together");
    }
    if (from.isPresent() && from.get().isAfter(to.get())) {
      throw new IllegalArgumentException("from " + from.get() + " is after to " + to.get());
    }
  }

  /** A run of the given steps over whatever is new. */
  public static RunRequest of(String command, Set<Step> steps) {
    return new RunRequest(
        command,
        steps,
        Optional.empty(),
        Optional.empty(),
        new TreeSet<>(),
        Optional.empty(),
        Listing.RECENT);
  }

  /** The same run, rebuilding the given business dates, both included. */
  public RunRequest rebuilding(LocalDate first, LocalDate last) {
    return new RunRequest(
        command, steps, Optional.of(first), Optional.of(last), acceptedFiles, replayed, listing);
  }

  /** The same run, taking the given held files as they are. */
  public RunRequest accepting(SortedSet<String> files) {
    return new RunRequest(command, steps, from, to, files, replayed, listing);
  }

  /** The same run, reading quarantined records again. */
  public RunRequest replaying(QuarantineFilter records) {
    return new RunRequest(command, steps, from, to, acceptedFiles, Optional.of(records), listing);
  }

  /** The same run, looking at the given folders. */
  public RunRequest listing(Listing folders) {
    return new RunRequest(command, steps, from, to, acceptedFiles, replayed, folders);
  }
}
