package io.shoplens.cli;

import io.shoplens.error.Errors;
import io.shoplens.job.RunRequest;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.Option;

/** The options --from and --to. */
final class DateRange {
  @Option(
      names = "--from",
      paramLabel = "DATE",
      description =
          "First business date to rebuild besides what is new, as 2026-03-02. Without dates: what"
              + " is new.")
  private String from;

  @Option(
      names = "--to",
      paramLabel = "DATE",
      description = "Last business date to rebuild, included.")
  private String to;

  /** The request with the dates, where they are given. */
  RunRequest applied(RunRequest request) {
    if (from == null && to == null) {
      return request;
    }
    if (from == null || to == null) {
      throw Errors.configuration(
          "--from and --to go together.",
          "Only " + (from == null ? "--to" : "--from") + " is given.",
          "Give both; for one date, give it twice.");
    }
    LocalDate first = date("--from", from);
    LocalDate last = date("--to", to);
    if (first.isAfter(last)) {
      throw Errors.configuration(
          "--from " + first + " is after --to " + last + ".",
          "Dates are rebuilt from the first to the last, both included.",
          "Swap them.");
    }
    return request.rebuilding(first, last);
  }

  private static LocalDate date(String option, String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw Errors.configuration(
          option + " " + text + " is not a date.",
          "Allowed is a calendar date as 2026-03-02.",
          "Correct it.",
          e);
    }
  }
}
