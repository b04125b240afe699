package io.shoplens.cli;

import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.ExitStatus;
import io.shoplens.job.RunRequest;
import io.shoplens.job.Step;
import java.util.EnumSet;
import java.util.List;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One step of a run, for schedulers that want them apart. */
abstract class StepCommand extends ConfiguredCommand {
  private final Step step;

  StepCommand(Context context, Step step) {
    super(context);
    this.step = step;
  }

  /** The request with what the command's own options say. */
  abstract RunRequest asked(RunRequest request);

  @Override
  ExitStatus work() {
    RunRequest request = asked(RunRequest.of(step.label(), EnumSet.of(step)));
    ShoplensConfig config = options().config(context());
    Runs.requireFeeds(config, request);
    Runs.tellFindings(config, terminal(), options());
    return asking(
        config,
        engine ->
            Summary.write(Runs.run(engine, request, terminal(), options()), terminal(), options()));
  }

  /** A step over tables, which can rebuild dates. */
  abstract static class OverTables extends StepCommand {
    @Mixin private DateRange dates;

    OverTables(Context context, Step step) {
      super(context, step);
    }

    @Override
    RunRequest asked(RunRequest request) {
      return dates.applied(request);
    }
  }

  /** Raw logs into bronze. */
  @Command(
      name = "ingest",
      sortOptions = false,
      description = "Step 1: takes in files that are new or changed.")
  static final class Ingest extends StepCommand {
    @Option(
        names = "--accept",
        paramLabel = "FILE",
        arity = "1..*",
        description = "Held files to take as they are, without their rejected records.")
    private List<String> accepted = List.of();

    Ingest(Context context) {
      super(context, Step.INGEST);
    }

    @Override
    RunRequest asked(RunRequest request) {
      return request.accepting(new TreeSet<>(accepted));
    }
  }

  /** Sessions, links and touchpoints. */
  @Command(
      name = "clickstream",
      sortOptions = false,
      description = "Step 2: identities, sessions, outbound links and touchpoints.")
  static final class Clickstream extends OverTables {
    Clickstream(Context context) {
      super(context, Step.CLICKSTREAM);
    }
  }

  /** Orders. */
  @Command(
      name = "orders",
      sortOptions = false,
      description = "Step 3: orders, their lines and what became of them.")
  static final class Orders extends OverTables {
    Orders(Context context) {
      super(context, Step.ORDERS);
    }
  }

  /** Credits. */
  @Command(
      name = "attribution",
      sortOptions = false,
      description =
          "Step 4: credits of every model, their daily sums, paths, and how far models differ.")
  static final class Attribution extends OverTables {
    Attribution(Context context) {
      super(context, Step.ATTRIBUTION);
    }
  }

  /** GMV. */
  @Command(
      name = "gmv",
      sortOptions = false,
      description = "Step 5: daily GMV, what it earned and cost, customers, creators, regions.")
  static final class Gmv extends OverTables {
    Gmv(Context context) {
      super(context, Step.GMV);
    }
  }

  /** Leakage. */
  @Command(
      name = "leakage",
      sortOptions = false,
      description = "Step 6: leaked links, leak rates, and what leaked was worth.")
  static final class Leakage extends OverTables {
    Leakage(Context context) {
      super(context, Step.LEAKAGE);
    }
  }

  /** Invariants. */
  @Command(
      name = "checks",
      sortOptions = false,
      description = "Step 7: the invariants; exit code 1 where one does not hold.")
  static final class Checks extends OverTables {
    Checks(Context context) {
      super(context, Step.CHECKS);
    }
  }
}
