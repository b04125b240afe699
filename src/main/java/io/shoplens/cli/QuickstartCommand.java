package io.shoplens.cli;

import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.Errors;
import io.shoplens.error.ExitStatus;
import io.shoplens.job.RunReport;
import io.shoplens.job.RunRequest;
import io.shoplens.job.Step;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** Runs the whole pipeline on the samples and shows the day's figures. */
@Command(
    name = "quickstart",
    sortOptions = false,
    description = {
      "Runs the whole pipeline on data-samples/, from scratch.",
      "The lake is a folder below target/. Ends with the last complete day's figures."
    })
final class QuickstartCommand extends ConfiguredCommand {
  QuickstartCommand(Context context) {
    super(context);
  }

  @Override
  ExitStatus work() {
    String file = options().named(context()).orElseGet(() -> context().file("conf/samples.yaml"));
    ShoplensConfig config = options().load(file, context());
    RunRequest request = RunRequest.of("quickstart", EnumSet.allOf(Step.class));
    Runs.requireFeeds(config, request);
    Runs.tellFindings(config, terminal(), options());
    empty(config.lakeRoot());
    return asking(
        config,
        engine -> {
          RunReport report = Runs.run(engine, request, terminal(), options());
          Summary.requireGood(report);
          write(report, Figures.of(engine), file);
          return ExitStatus.DONE;
        });
  }

  private void write(RunReport report, Figures figures, String file) {
    PrintWriter out = terminal().out();
    if (options().isJson()) {
      Map<String, Object> json = new LinkedHashMap<>(Summary.json(report));
      json.put("figures", figures.json());
      out.println(Json.line(json));
    } else {
      if (!options().isQuiet()) {
        Summary.lines(report).forEach(out::println);
        out.println();
      }
      figures.lines().forEach(out::println);
      out.println();
      next(file).forEach(out::println);
    }
    out.flush();
  }

  private static List<String> next(String file) {
    boolean isSamples = file.endsWith("samples.yaml");
    String conf = isSamples ? "" : "--conf " + file + " ";
    return List.of(
        "Where to look next:",
        "  bin/shoplens sql " + conf + "\"SELECT * FROM gold.daily_gmv ORDER BY gmv_date, market\"",
        "  bin/shoplens sql "
            + conf
            + "\"SELECT touch_class, channel, sum(credit_reporting) AS credit FROM"
            + " gold.daily_attribution WHERE model = 'linear' AND touch_set = 'entry' GROUP BY ALL"
            + " ORDER BY credit DESC\"",
        "  bin/shoplens sql "
            + conf
            + "\"SELECT creator_id, merchant_group, sum(clicks) AS clicks FROM gold.leaked_links"
            + " GROUP BY ALL ORDER BY clicks DESC LIMIT 10\"",
        "  bin/shoplens describe " + conf + "gold.daily_leakage",
        "Your own logs: conf/local.yaml, then bin/shoplens run --conf conf/local.yaml.");
  }

  /** Empties a lake below target/, and no other: what lies elsewhere is brought up to date. */
  private void empty(String lakeRoot) {
    Path target = context().home().resolve("target");
    if (!lakeRoot.startsWith("/")) {
      return;
    }
    Path lake = Path.of(lakeRoot).normalize();
    if (lake.equals(target) || !lake.startsWith(target) || !Files.isDirectory(lake)) {
      return;
    }
    try (Stream<Path> below = Files.walk(lake)) {
      for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw Errors.storage(
          "The lake of an earlier quickstart can't be removed.",
          e.toString(),
          "Check that you may write to " + lake + ", or remove it by hand.",
          e);
    }
  }
}
