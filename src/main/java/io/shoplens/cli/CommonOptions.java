package io.shoplens.cli;

import io.shoplens.config.ConfigFile;
import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.Errors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of every command that needs a configuration. */
final class CommonOptions {
  @Option(
      names = "--conf",
      paramLabel = "FILE",
      description = "Configuration (YAML). Without it: $SHOPLENS_CONF.")
  private String conf;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "A setting; wins over the environment and the file. Can be repeated.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description = "error, warn, info, debug or trace; with debug errors show where they arose.")
  private LogLevel logLevel;

  @Option(names = "--json", description = "The answer as JSON, on standard output.")
  private boolean isJson;

  @Option(names = "--quiet", description = "No progress and no summary.")
  private boolean isQuiet;

  /** The configuration, which has to be named. */
  ShoplensConfig config(Context context) {
    String file =
        named(context)
            .orElseThrow(
                () ->
                    Errors.configuration(
                        "No configuration is given.",
                        "Neither --conf nor SHOPLENS_CONF names a file.",
                        "Add --conf FILE; " + context.file("conf/local.yaml") + " is a start."));
    return load(file, context);
  }

  /** The configuration, where none is named that of the sample lake which quickstart makes. */
  ShoplensConfig configOrSamples(Context context) {
    return load(named(context).orElseGet(() -> context.file("conf/samples.yaml")), context);
  }

  /** The configuration of one file, with the overrides of the command line. */
  ShoplensConfig load(String file, Context context) {
    return ConfigFile.load(file, overrides, context.environment());
  }

  /** The Spark settings of the configuration where one is named, else of the command line. */
  Map<String, String> sparkSettings(Context context) {
    return named(context)
        .map(file -> load(file, context).spark())
        .orElseGet(() -> ConfigFile.sparkSettings(overrides));
  }

  /** The configuration's file, as the command line or the environment names it. */
  Optional<String> named(Context context) {
    return Optional.ofNullable(conf)
        .or(() -> Optional.ofNullable(context.environment().get("SHOPLENS_CONF")))
        .filter(file -> !file.isBlank());
  }

  Optional<LogLevel> logLevel() {
    return Optional.ofNullable(logLevel);
  }

  boolean isJson() {
    return isJson;
  }

  boolean isQuiet() {
    return isQuiet;
  }
}
