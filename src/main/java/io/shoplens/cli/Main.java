package io.shoplens.cli;

import io.shoplens.error.ExitStatus;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. Exit codes: {@link ExitStatus}. */
@Command(
    name = "shoplens",
    description = "GMV, attribution and leaked links from a shopping app's raw logs.",
    mixinStandardHelpOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit codes: 0 done, 1 a check failed, 2 usage or configuration, 3 input or storage,",
      "70 a fault of Shoplens.",
      "shoplens COMMAND --help says more about a command."
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(execute(Terminal.system(), System.getenv(), JobEngine::new, arguments));
  }

  /**
   * Runs a command.
   *
   * @return its exit code
   */
  static int execute(
      Terminal terminal,
      Map<String, String> environment,
      Engine.Factory engines,
      String... arguments) {
    return execute(new Context(terminal, environment, engines, Clock.systemUTC()), arguments);
  }

  /**
   * Runs a command with what it is given to work with.
   *
   * @return its exit code
   */
  static int execute(Context context, String... arguments) {
    try {
      return commandLine(context).execute(arguments);
    } catch (Error fault) {
      // Such as memory that ran out: scripts rely on the exit code even then.
      return Faults.report(fault, context.terminal().err(), Optional.empty()).code();
    }
  }

  static CommandLine commandLine(Context context) {
    CommandLine line = new CommandLine(new Main());
    Stream.of(
            new QuickstartCommand(context),
            new RunCommand(context),
            new StepCommand.Ingest(context),
            new StepCommand.Clickstream(context),
            new StepCommand.Orders(context),
            new StepCommand.Attribution(context),
            new StepCommand.Gmv(context),
            new StepCommand.Leakage(context),
            new StepCommand.Checks(context),
            new SqlCommand(context),
            new DescribeCommand(context),
            new HistoryCommand(context),
            new RestoreCommand(context),
            new MaintainCommand(context),
            new EraseCommand(context),
            new RekeyCommand(context),
            new DoctorCommand(context),
            new ResolveCommand(context),
            new GenerateCommand(context),
            new VersionCommand(context))
        .forEach(line::addSubcommand);
    line.addSubcommand(
        new CommandLine(new MappingCommand()).addSubcommand(new MappingCommand.Check(context)));
    line.addSubcommand(
        new CommandLine(new QuarantineCommand())
            .addSubcommand(new QuarantineCommand.Counts(context))
            .addSubcommand(new QuarantineCommand.Show(context))
            .addSubcommand(new QuarantineCommand.Replay(context)));
    line.addSubcommand(
        new CommandLine(new ExplainCommand())
            .addSubcommand(new ExplainCommand.Order(context))
            .addSubcommand(new ExplainCommand.Touch(context)));
    everyCommand(line).forEach(Main::addHelp);
    line.setHelpFactory(SpacedHelp::new);
    line.setOut(context.terminal().out());
    line.setErr(context.terminal().err());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpWidth(100);
    line.setUsageHelpAutoWidth(false);
    line.setParameterExceptionHandler(Main::usageError);
    line.setExecutionExceptionHandler(
        (fault, command, parsed) ->
            Faults.report(fault, context.terminal().err(), logLevel(command)).code());
    return line;
  }

  private static void addHelp(CommandLine command) {
    command
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Says how it is used.")
                .build());
  }

  private static List<CommandLine> everyCommand(CommandLine line) {
    return Stream.concat(
            Stream.of(line),
            line.getSubcommands().values().stream().flatMap(sub -> everyCommand(sub).stream()))
        .toList();
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "A command is missing.");
  }

  private static Optional<LogLevel> logLevel(CommandLine command) {
    return command.getCommand() instanceof ConfiguredCommand configured
        ? configured.options().logLevel()
        : Optional.empty();
  }

  private static int usageError(ParameterException fault, String[] arguments) {
    CommandLine command = fault.getCommandLine();
    command.getErr().println(fault.getMessage());
    List<String> suggestions =
        fault instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.of();
    if (!suggestions.isEmpty()) {
      command.getErr().println("  Meant:  " + String.join(", ", suggestions));
    }
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println("  Cure:   " + name + " --help says how it is used.");
    command.getErr().flush();
    return ExitStatus.USAGE.code();
  }
}
