package io.shoplens.cli;

import io.shoplens.cli.Finding.State;
import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.ExitStatus;
import io.shoplens.error.ShoplensException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** Examines what a run depends on. */
@Command(
    name = "doctor",
    sortOptions = false,
    description = {
      "Looks at configuration, versions, storage, clock, tables and rates, and says what to mend.",
      "Exit code 1 where something has to be."
    })
final class DoctorCommand extends ConfiguredCommand {
  DoctorCommand(Context context) {
    super(context);
  }

  @Override
  ExitStatus work() {
    List<Finding> findings = new ArrayList<>();
    try {
      ShoplensConfig config = options().config(context());
      findings.add(
          Finding.ok("configuration", config.feeds().size() + " feeds, lake " + config.lakeRoot()));
      inSession(
          config.spark(),
          session -> {
            findings.addAll(new Doctor(session, config, context().clock()).findings());
            return ExitStatus.DONE;
          });
    } catch (ShoplensException refused) {
      String[] lines = refused.getMessage().split("\n  (Cause|Cure): +");
      findings.add(Finding.fault("configuration", lines[0] + " " + lines[1], lines[2]));
    }
    write(findings);
    return findings.stream().anyMatch(finding -> finding.state() == State.FAULT)
        ? ExitStatus.CHECK_FAILED
        : ExitStatus.DONE;
  }

  private void write(List<Finding> findings) {
    if (options().isJson()) {
      terminal().out().println(Json.line(findings.stream().map(Finding::json).toList()));
    } else {
      findings.forEach(finding -> terminal().out().println(finding.line()));
    }
    terminal().out().flush();
  }
}
