package io.shoplens.cli;

import io.shoplens.error.Errors;
import io.shoplens.error.ExitStatus;
import io.shoplens.generate.GenerateSettings;
import io.shoplens.generate.GeneratedLogs;
import io.shoplens.generate.LogFormat;
import io.shoplens.generate.SyntheticLogs;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes synthetic logs. */
@Command(
    name = "generate",
    sortOptions = false,
    description = {
      "Makes synthetic logs, and the truth behind them.",
      "events/ and orders/ are in the contract's own form; truth/ tells what really caused each",
      "order, what became of each outbound click, and which lines are damaged.",
      "Equal options give equal bytes. Needs no configuration."
    })
final class GenerateCommand extends ConfiguredCommand {
  @Option(
      names = "--events",
      paramLabel = "N",
      required = true,
      description = "Clickstream events; repeats and damaged lines come on top.")
  private long events;

  @Option(names = "--days", paramLabel = "D", required = true, description = "UTC days they span.")
  private int days;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Another seed, another world. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "PATH",
      required = true,
      description = "Folder or bucket to fill; must not hold logs already.")
  private String out;

  @Option(
      names = "--start",
      paramLabel = "DATE",
      description = "First UTC date. Default: 2026-03-02.")
  private LocalDate start;

  @Option(
      names = "--compression",
      paramLabel = "KIND",
      description = "plain, gz (default) or mixed.")
  private LogFormat compression;

  @Option(
      names = "--parts",
      paramLabel = "N",
      description = "Files per date and feed. Default: one for every 100,000 events of a day.")
  private Integer parts;

  @Option(
      names = "--damaged",
      paramLabel = "RATE",
      description = "Share of damaged lines. Default: 0.005.")
  private Double damaged;

  @Option(
      names = "--duplicates",
      paramLabel = "RATE",
      description = "Share of exact repeats. Default: 0.01.")
  private Double duplicates;

  @Option(
      names = "--late",
      paramLabel = "RATE",
      description = "Share of lines received days after their event. Default: 0.01.")
  private Double late;

  @Option(
      names = "--conflicts",
      paramLabel = "RATE",
      description = "Share of lines that repeat an id with other content. Default: 0.")
  private Double conflicts;

  @Option(
      names = "--market",
      paramLabel = "CODE=WEIGHT",
      description =
          "Relative size of a market: US, GB, ID, SG, JP or KW. Can be repeated; without it US 0.4,"
              + " GB 0.2, ID 0.25, SG 0.15.")
  private Map<String, Double> markets;

  GenerateCommand(Context context) {
    super(context);
  }

  @Override
  ExitStatus work() {
    GenerateSettings settings = settings();
    return inSession(
        options().sparkSettings(context()),
        session -> {
          write(settings, SyntheticLogs.write(session, settings));
          return ExitStatus.DONE;
        });
  }

  private GenerateSettings settings() {
    if (out.startsWith("~") || out.isBlank()) {
      throw Errors.configuration(
          "--out " + out + " is not allowed.",
          "Allowed is a path or URI, without ~, which nothing expands here.",
          "Write the path in full.");
    }
    GenerateSettings settings = GenerateSettings.of(events, days, seed, context().located(out));
    settings = start == null ? settings : settings.withStart(start);
    settings = compression == null ? settings : settings.withFormat(compression);
    settings = parts == null ? settings : settings.withParts(parts);
    settings = damaged == null ? settings : settings.withDamagedRate(damaged);
    settings = duplicates == null ? settings : settings.withDuplicateRate(duplicates);
    settings = late == null ? settings : settings.withLateRate(late);
    settings = conflicts == null ? settings : settings.withConflictRate(conflicts);
    return markets == null ? settings : settings.withMarketWeights(markets);
  }

  private void write(GenerateSettings settings, GeneratedLogs logs) {
    PrintWriter writer = terminal().out();
    if (options().isJson()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("out", settings.out());
      json.put("events", logs.events());
      json.put("order_events", logs.orderEvents());
      json.put("orders", logs.orders());
      json.put("outbound_clicks", logs.outboundClicks());
      json.put("duplicates", logs.duplicates());
      json.put("conflicts", logs.conflicts());
      json.put("damaged", logs.damaged());
      json.put("blank", logs.blank());
      json.put("files", logs.files());
      json.put("bytes", logs.bytes());
      writer.println(Json.line(json));
    } else if (!options().isQuiet()) {
      TextTable.of("what", ">number")
          .row("events", Words.count(logs.events()))
          .row("order events", Words.count(logs.orderEvents()))
          .row("orders", Words.count(logs.orders()))
          .row("outbound clicks", Words.count(logs.outboundClicks()))
          .row("repeats", Words.count(logs.duplicates()))
          .row("conflicts", Words.count(logs.conflicts()))
          .row("damaged lines", Words.count(logs.damaged()))
          .row("blank lines", Words.count(logs.blank()))
          .row("files", Words.count(logs.files()))
          .row("bytes before compression", Words.count(logs.bytes()))
          .lines()
          .forEach(writer::println);
      writer.println("in " + settings.out());
    }
    writer.flush();
  }
}
