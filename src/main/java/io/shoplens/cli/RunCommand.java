package io.shoplens.cli;

import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.ExitStatus;
import io.shoplens.job.RunRequest;
import io.shoplens.job.Step;
import java.util.EnumSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Takes in whatever is new and brings every table up to date. */
@Command(
    name = "run",
    sortOptions = false,
    description = {
      "Takes in whatever is new and brings every table up to date.",
      "With dates: rebuilds those, and what depends on them."
    })
final class RunCommand extends ConfiguredCommand {
  @Mixin private DateRange dates;

  RunCommand(Context context) {
    super(context);
  }

  @Override
  ExitStatus work() {
    RunRequest request = dates.applied(RunRequest.of("run", EnumSet.allOf(Step.class)));
    ShoplensConfig config = options().config(context());
    Runs.requireFeeds(config, request);
    Runs.tellFindings(config, terminal(), options());
    return asking(
        config,
        engine ->
            Summary.write(Runs.run(engine, request, terminal(), options()), terminal(), options()));
  }
}
