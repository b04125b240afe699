package io.shoplens.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Versions of the software and of what it runs on. */
@Command(name = "version", description = "Versions of Shoplens, Spark and Java.")
final class VersionCommand implements Callable<Integer> {
  @Option(names = "--json", description = "The answer as JSON, on standard output.")
  private boolean isJson;

  private final Context context;

  VersionCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Map<String, Object> versions = new LinkedHashMap<>();
    versions.put("shoplens", Version.text());
    versions.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    versions.put("java", System.getProperty("java.version"));
    if (isJson) {
      context.terminal().out().println(Json.line(versions));
    } else {
      versions.forEach((name, text) -> context.terminal().out().println(name + " " + text));
    }
    return 0;
  }
}
