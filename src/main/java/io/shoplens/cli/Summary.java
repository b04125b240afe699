package io.shoplens.cli;

import io.shoplens.error.Errors;
import io.shoplens.error.ExitStatus;
import io.shoplens.error.ShoplensException;
import io.shoplens.job.CheckFacts;
import io.shoplens.job.RejectFacts;
import io.shoplens.job.Reopened;
import io.shoplens.job.RunReport;
import io.shoplens.job.StepFacts;
import io.shoplens.job.UnknownField;
import io.shoplens.table.Columns;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/** What a run did, for people and for machines, and what it means for the exit code. */
final class Summary {
  private static final int FIELDS_TOLD = 10;

  private Summary() {}

  /** Lines for people. */
  static List<String> lines(RunReport report) {
    List<String> lines = new ArrayList<>();
    if (!report.steps().isEmpty()) {
      TextTable steps = TextTable.of("step", ">files", ">rows", ">dates", ">time");
      for (StepFacts step : report.steps()) {
        steps.row(
            step.step().label(),
            Words.count(step.files()),
            Words.count(step.rows()),
            Words.count(step.dates()),
            Words.seconds(step.seconds()));
      }
      lines.addAll(steps.lines());
    }
    lines.add(
        "records "
            + Words.count(report.records())
            + " = accepted "
            + Words.count(report.accepted())
            + " + duplicate "
            + Words.count(report.duplicate())
            + " + rejected "
            + Words.count(report.rejected())
            + " + blank "
            + Words.count(report.blank()));
    if (!report.touchedDates().isEmpty()) {
      lines.add(
          "dates "
              + report.touchedDates().first()
              + " to "
              + report.touchedDates().last()
              + " ("
              + report.touchedDates().size()
              + ")");
    }
    lines.addAll(findings(report));
    long passed = report.checks().stream().filter(CheckFacts::isPassed).count();
    lines.add("checks " + passed + " of " + report.checks().size() + " passed");
    lines.add(
        "run " + report.runId() + " " + report.state() + " in " + Words.seconds(report.seconds()));
    return lines;
  }

  /** What came in other than expected. */
  private static List<String> findings(RunReport report) {
    List<String> lines = new ArrayList<>();
    for (Reopened each : report.reopened()) {
      lines.add(
          "reopened "
              + dates(each.dates())
              + ": "
              + each.reason().text()
              + (each.feed().isEmpty()
                  ? ""
                  : " in " + Words.count(each.files(), "file") + " of feed " + each.feed()));
    }
    report
        .damagedFiles()
        .forEach(
            path ->
                lines.add(
                    "damaged " + path + ": read up to the damage; deliver it anew for the rest"));
    List<UnknownField> fields = report.unknownFields();
    fields.stream()
        .limit(FIELDS_TOLD)
        .forEach(
            field ->
                lines.add(
                    "new field "
                        + TextTable.printable(field.field())
                        + " ("
                        + field.type()
                        + ") in "
                        + Words.count(field.records(), "record")
                        + " of feed "
                        + field.feed()
                        + (field.isKept() ? ": kept in extra" : ": not in its mapping")));
    if (fields.size() > FIELDS_TOLD) {
      lines.add(
          "and " + Words.count(fields.size() - FIELDS_TOLD, "new field") + ": ops.schema_drift");
    }
    if (report.orphans() > 0) {
      lines.add(
          "orphans "
              + Words.count(report.orphans(), "order")
              + " of which no placing has come: silver.orders.is_orphan");
    }
    report
        .warnings()
        .forEach(
            check ->
                lines.add(
                    "warning "
                        + broken(check)
                        + check
                            .example()
                            .map(text -> ": " + TextTable.printable(text))
                            .orElse("")));
    return lines;
  }

  private static String dates(SortedSet<LocalDate> dates) {
    return (dates.size() == 1 ? "" + dates.first() : dates.first() + " to " + dates.last())
        + (dates.size() < 2 ? "" : " (" + dates.size() + ")");
  }

  /** The report for machines. */
  static Map<String, Object> json(RunReport report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("run_id", report.runId());
    json.put("run_state", report.state());
    json.put("seconds", report.seconds());
    json.put("records", report.records());
    json.put("accepted", report.accepted());
    json.put("duplicate", report.duplicate());
    json.put("rejected", report.rejected());
    json.put("blank", report.blank());
    json.put("touched_dates", report.touchedDates().stream().map(String::valueOf).toList());
    json.put("held_files", List.copyOf(report.heldFiles()));
    json.put("damaged_files", List.copyOf(report.damagedFiles()));
    json.put("unknown_fields", report.unknownFields().stream().map(Summary::json).toList());
    json.put("orphans", report.orphans());
    json.put("reopened", report.reopened().stream().map(Summary::json).toList());
    json.put("steps", report.steps().stream().map(Summary::json).toList());
    json.put("checks", report.checks().stream().map(Summary::json).toList());
    return json;
  }

  private static Map<String, Object> json(UnknownField field) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("feed", field.feed());
    json.put("field", field.field());
    json.put("records", field.records());
    json.put("example_type", field.type());
    json.put("is_kept", field.isKept());
    return json;
  }

  private static Map<String, Object> json(Reopened reopened) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("reason", reopened.reason().text());
    json.put("feed", reopened.feed());
    json.put("files", reopened.files());
    json.put("dates", reopened.dates().stream().map(String::valueOf).toList());
    return json;
  }

  private static Map<String, Object> json(StepFacts step) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("step", step.step().label());
    json.put("files", step.files());
    json.put("rows", step.rows());
    json.put("dates", step.dates());
    json.put("seconds", step.seconds());
    return json;
  }

  private static Map<String, Object> json(CheckFacts check) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("check_name", check.name());
    json.put("is_passed", check.isPassed());
    json.put("severity", check.severity());
    json.put("expectation", check.expectation());
    json.put("examined", check.examined());
    json.put("violations", check.violations());
    json.put("example", check.example().orElse(null));
    return json;
  }

  /** Writes the report as the options say, and tells how the run ended. */
  static ExitStatus write(RunReport report, Terminal terminal, CommonOptions options) {
    if (options.isJson()) {
      terminal.out().println(Json.line(json(report)));
    } else if (!options.isQuiet()) {
      lines(report).forEach(terminal.out()::println);
    }
    terminal.out().flush();
    requireGood(report);
    return ExitStatus.DONE;
  }

  /** Throws where the run was held or an invariant did not hold. */
  static void requireGood(RunReport report) {
    if (!report.failedChecks().isEmpty()) {
      throw checkFailed(report);
    }
    if (report.state().equals("held")) {
      throw held(report);
    }
  }

  private static ShoplensException held(RunReport report) {
    String files =
        report.heldFiles().isEmpty()
            ? "Of " + report.records() + " records " + report.rejected() + " are rejected."
            : "Held files: " + String.join(", ", report.heldFiles()) + ".";
    return Errors.input(
        "The run is held: too many records are rejected.",
        files + report.heldFor().map(Summary::reason).orElse(""),
        report.heldFor().map(Summary::cure).orElse("Mend the feed's mapping")
            + " and run again, or take the files as they are with shoplens ingest --accept FILE."
            + " ops.quarantine holds what was rejected and why.");
  }

  private static String reason(RejectFacts facts) {
    if (isDropped(facts)) {
      return " Most of all: "
          + facts.field()
          + " is missing from "
          + Words.count(facts.records())
          + " of the "
          + Words.count(facts.of())
          + " records of feed "
          + facts.feed()
          + " in them: the feed has dropped or renamed a required field. For one: "
          + TextTable.printable(facts.example())
          + ".";
    }
    return " Most of all: "
        + facts.code()
        + (facts.field().isEmpty() ? "" : " of " + facts.field())
        + " in "
        + Words.count(facts.records())
        + " of feed "
        + facts.feed()
        + ", such as "
        + TextTable.printable(facts.example())
        + ".";
  }

  private static String cure(RejectFacts facts) {
    if (facts.code().equals("unknown_value") && facts.field().equals(Columns.MARKET)) {
      return "Add the market " + TextTable.printable(facts.example()) + " to markets.csv";
    }
    if (facts.code().equals("bad_encoding")) {
      return "Have the files written in UTF-8, or set feeds."
          + facts.feed()
          + ".csv.encoding where they are CSV,";
    }
    if (isDropped(facts)) {
      return "Have "
          + facts.field()
          + " delivered again, or map it for feed "
          + facts.feed()
          + " from what holds it now,";
    }
    return "Mend the mapping of "
        + (facts.field().isEmpty() ? "" : facts.field() + " in ")
        + "feed "
        + facts.feed();
  }

  /** Whether most records lack a field that they must have. */
  private static boolean isDropped(RejectFacts facts) {
    return facts.code().equals("missing_field")
        && !facts.field().isEmpty()
        && facts.records() * 2 > facts.of();
  }

  private static String broken(CheckFacts check) {
    return check.name()
        + ": "
        + check.violations()
        + " of "
        + check.examined()
        + " break \""
        + check.expectation()
        + "\"";
  }

  private static ShoplensException checkFailed(RunReport report) {
    CheckFacts first = report.failedChecks().get(0);
    String example = first.example().map(text -> " For one: " + text + ".").orElse("");
    return Errors.checkFailed(
        "Checks failed: "
            + String.join(", ", report.failedChecks().stream().map(CheckFacts::name).toList())
            + ".",
        broken(first) + "." + example,
        "Gold tables are as they were. ops.checks has every result of run " + report.runId() + ".");
  }
}
