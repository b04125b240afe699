package io.shoplens.cli;

import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.ExitStatus;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Mixin;

/** A command with the common options; most of them open a session and ask the engine. */
abstract class ConfiguredCommand implements Callable<Integer> {
  @Mixin private CommonOptions options;

  private final Context context;

  ConfiguredCommand(Context context) {
    this.context = context;
  }

  /** Does the command's work. */
  abstract ExitStatus work();

  @Override
  public final Integer call() {
    options.logLevel().ifPresentOrElse(LogLevel::apply, LogLevel::quiet);
    return work().code();
  }

  Context context() {
    return context;
  }

  CommonOptions options() {
    return options;
  }

  Terminal terminal() {
    return context.terminal();
  }

  /** A line about what takes time, on standard error unless it is to be quiet. */
  void notice(String text) {
    if (!options.isQuiet()) {
      terminal().err().println(text);
      terminal().err().flush();
    }
  }

  /** Opens a session with a configuration, asks its engine, and closes it. */
  ExitStatus asking(ShoplensConfig config, Function<Engine, ExitStatus> question) {
    return inSession(
        config.spark(), session -> question.apply(context.engines().engine(session, config)));
  }

  /** Opens a session, works in it, and closes it. */
  ExitStatus inSession(Map<String, String> settings, Function<SparkSession, ExitStatus> task) {
    Path defaults = context.home().resolve("conf").resolve("spark-defaults.conf");
    try (SparkSessions.Opened opened = SparkSessions.open(settings, defaults)) {
      return task.apply(opened.session());
    }
  }
}
