package io.shoplens.cli;

import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.ExitStatus;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Commands that tell why an order or a touch got what it got. */
@Command(
    name = "explain",
    description = "Tells who earned an order, or what a touch is and earned.")
final class ExplainCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "A command is missing: order or touch.");
  }

  /** Tells the path to an order and who earned it. */
  @Command(
      name = "order",
      sortOptions = false,
      description = {
        "The buyer's touches around an order, why each is in its path or not, and what every model",
        "gave to whom. Without a configuration: in the lake of shoplens quickstart."
      })
  static final class Order extends ConfiguredCommand {
    @Parameters(paramLabel = "ID", description = "An order_id.")
    private String id;

    Order(Context context) {
      super(context);
    }

    @Override
    ExitStatus work() {
      ShoplensConfig config = options().configOrSamples(context());
      return asking(
          config,
          engine -> {
            OrderExplanation order =
                OrderExplanation.of(
                    id, engine, config.attribution(), config.clickstream().identityWindow());
            write(this, order.lines(), order.json());
            return ExitStatus.DONE;
          });
    }
  }

  /** Tells what a touch is, by which rules, and what it earned. */
  @Command(
      name = "touch",
      sortOptions = false,
      description = {
        "What a touch is and the channel rule that says so, and the orders it earned. Without a",
        "configuration: in the lake of shoplens quickstart."
      })
  static final class Touch extends ConfiguredCommand {
    @Parameters(paramLabel = "ID", description = "An event_id.")
    private String id;

    Touch(Context context) {
      super(context);
    }

    @Override
    ExitStatus work() {
      ShoplensConfig config = options().configOrSamples(context());
      return asking(
          config,
          engine -> {
            TouchExplanation touch = TouchExplanation.of(id, engine, config.reference());
            write(this, touch.lines(), touch.json());
            return ExitStatus.DONE;
          });
    }
  }

  private static void write(
      ConfiguredCommand command, List<String> lines, Map<String, Object> json) {
    if (command.options().isJson()) {
      command.terminal().out().println(Json.line(json));
    } else {
      lines.forEach(command.terminal().out()::println);
    }
    command.terminal().out().flush();
  }

  /** A text as a literal of SQL. */
  static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
