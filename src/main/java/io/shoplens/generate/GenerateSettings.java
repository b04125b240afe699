package io.shoplens.generate;

import io.shoplens.error.Errors;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;

/**
 * What logs to make. Equal settings give equal bytes, however many tasks made them.
 *
 * @param events clickstream events, exactly; repeats and damaged lines come on top
 * @param days UTC days that the logs span, from {@code start}
 * @param seed another seed, another world
 * @param out folder to be filled, on any Hadoop file system; must not hold logs already
 * @param start first UTC date
 * @param format plain, gzip or both
 * @param parts files per date and feed; 0: one for every 100,000 events of a day, at least 2
 * @param damagedRate damaged lines per line; up to 0.04 no file gets more than 4% of them
 * @param duplicateRate exact repeats per line
 * @param lateRate share of lines received days after their event
 * @param conflictRate lines per line that repeat an id with other content
 * @param marketWeights relative size of each market; of US, GB, ID, SG, JP, KW
 */
public record GenerateSettings(
    long events,
    int days,
    long seed,
    String out,
    LocalDate start,
    LogFormat format,
    int parts,
    double damagedRate,
    double duplicateRate,
    double lateRate,
    double conflictRate,
    Map<String, Double> marketWeights)
    implements Serializable {

  /** First date of the sample logs. */
  public static final LocalDate DEFAULT_START = LocalDate.of(2026, 3, 2);

  private static final long EVENTS_PER_FILE = 100_000;
  private static final int MOST_PARTS = 100_000;
  private static final int MOST_DAYS = 3660;

  public GenerateSettings {
    marketWeights = new TreeMap<>(marketWeights);
    within("--events", events, 1, 100_000_000_000L);
    within("--days", days, 1, MOST_DAYS);
    within("--parts", parts, 0, MOST_PARTS);
    rate("--damaged", damagedRate);
    rate("--duplicates", duplicateRate);
    rate("--late", lateRate);
    rate("--conflicts", conflictRate);
    if (out == null || out.isBlank()) {
      throw Errors.configuration(
          "No folder to write to", "--out is empty", "name a folder, such as --out target/logs");
    }
    if (start.getYear() < 2000 || start.getYear() > 2100) {
      throw Errors.configuration(
          "--start " + start + " is out of range",
          "synthetic logs can start in the years 2000 to 2100",
          "choose a date within them");
    }
    double total = 0;
    for (Map.Entry<String, Double> weight : marketWeights.entrySet()) {
      MarketProfile.of(weight.getKey());
      if (!(weight.getValue() >= 0)) {
        throw Errors.configuration(
            "Weight of market " + weight.getKey() + " is " + weight.getValue(),
            "a weight is a number of at least 0",
            "correct it");
      }
      total += weight.getValue();
    }
    if (!(total > 0)) {
      throw Errors.configuration(
          "No market has a weight above 0", "all events belong to a market", "weigh one at least");
    }
  }

  /** Logs with everything in them, in the four default markets. */
  public static GenerateSettings of(long events, int days, long seed, String out) {
    return new GenerateSettings(
        events,
        days,
        seed,
        out,
        DEFAULT_START,
        LogFormat.GZ,
        0,
        0.005,
        0.01,
        0.01,
        0,
        Map.of("US", 0.4, "GB", 0.2, "ID", 0.25, "SG", 0.15));
  }

  public GenerateSettings withStart(LocalDate value) {
    return new GenerateSettings(
        events,
        days,
        seed,
        out,
        value,
        format,
        parts,
        damagedRate,
        duplicateRate,
        lateRate,
        conflictRate,
        marketWeights);
  }

  public GenerateSettings withFormat(LogFormat value) {
    return new GenerateSettings(
        events,
        days,
        seed,
        out,
        start,
        value,
        parts,
        damagedRate,
        duplicateRate,
        lateRate,
        conflictRate,
        marketWeights);
  }

  public GenerateSettings withParts(int value) {
    return new GenerateSettings(
        events,
        days,
        seed,
        out,
        start,
        format,
        value,
        damagedRate,
        duplicateRate,
        lateRate,
        conflictRate,
        marketWeights);
  }

  public GenerateSettings withDamagedRate(double value) {
    return new GenerateSettings(
        events,
        days,
        seed,
        out,
        start,
        format,
        parts,
        value,
        duplicateRate,
        lateRate,
        conflictRate,
        marketWeights);
  }

  public GenerateSettings withDuplicateRate(double value) {
    return new GenerateSettings(
        events,
        days,
        seed,
        out,
        start,
        format,
        parts,
        damagedRate,
        value,
        lateRate,
        conflictRate,
        marketWeights);
  }

  public GenerateSettings withLateRate(double value) {
    return new GenerateSettings(
        events,
        days,
        seed,
        out,
        start,
        format,
        parts,
        damagedRate,
        duplicateRate,
        value,
        conflictRate,
        marketWeights);
  }

  public GenerateSettings withConflictRate(double value) {
    return new GenerateSettings(
        events,
        days,
        seed,
        out,
        start,
        format,
        parts,
        damagedRate,
        duplicateRate,
        lateRate,
        value,
        marketWeights);
  }

  public GenerateSettings withMarketWeights(Map<String, Double> value) {
    return new GenerateSettings(
        events,
        days,
        seed,
        out,
        start,
        format,
        parts,
        damagedRate,
        duplicateRate,
        lateRate,
        conflictRate,
        value);
  }

  /** Files per date and feed, and so the tasks. */
  int effectiveParts() {
    long perPart = EVENTS_PER_FILE * days;
    long needed = Math.max(2, (events + perPart - 1) / perPart);
    return (int) Math.min(Math.min(events, MOST_PARTS), parts > 0 ? parts : needed);
  }

  private static void within(String option, long value, long least, long most) {
    if (value < least || value > most) {
      throw Errors.configuration(
          option + " " + value + " is out of range",
          "it must be from " + least + " to " + most,
          "choose a number within that");
    }
  }

  private static void rate(String option, double value) {
    if (!(value >= 0 && value <= 0.5)) {
      throw Errors.configuration(
          option + " " + value + " is out of range",
          "a rate is a share of the lines, from 0 to 0.5",
          "choose a number within that");
    }
  }
}
