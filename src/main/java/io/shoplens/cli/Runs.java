package io.shoplens.cli;

import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.Errors;
import io.shoplens.job.Progress;
import io.shoplens.job.RunReport;
import io.shoplens.job.RunRequest;
import io.shoplens.job.Step;
import io.shoplens.link.CatalogueFindings;

/** Asks an engine for a run and shows how it goes. */
final class Runs {
  private Runs() {}

  /** The report of a run, with progress on standard error unless it is to be quiet. */
  static RunReport run(
      Engine engine, RunRequest request, Terminal terminal, CommonOptions options) {
    if (options.isQuiet()) {
      return engine.run(request, Progress.silent());
    }
    ProgressLines progress = new ProgressLines(terminal, request.steps());
    try {
      return engine.run(request, progress);
    } finally {
      progress.erase();
    }
  }

  /** Says which lines of the catalogues do nothing, unless it is to be quiet. */
  static void tellFindings(ShoplensConfig config, Terminal terminal, CommonOptions options) {
    if (!options.isQuiet()) {
      CatalogueFindings.of(config.reference())
          .forEach(finding -> terminal.err().println("Note: " + finding));
      terminal.err().flush();
    }
  }

  /** Refuses a run that takes in logs without a feed to take them from. */
  static void requireFeeds(ShoplensConfig config, RunRequest request) {
    if (request.steps().contains(Step.INGEST) && config.feeds().isEmpty()) {
      throw Errors.configuration(
          "No feed is configured.",
          "Without a feed there are no logs to take in.",
          "Add feeds.<name>.kind and feeds.<name>.path; conf/local.yaml shows how.");
    }
  }
}
