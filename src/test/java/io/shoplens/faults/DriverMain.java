package io.shoplens.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.shoplens.cli.EndToEnd;
import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.testing.CommitFaults;
import io.shoplens.testing.CommitFaults.End;
import io.shoplens.testing.CommitFaults.Missing;
import io.shoplens.testing.CommitFaults.Moment;
import io.shoplens.testing.LocalSpark;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * A driver in a process of its own that is kept: each line it is given is a command, each line it
 * answers with what came of it. Starting one for each command would cost ten times as much.
 */
final class DriverMain {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What a driver is told.
   *
   * @param arguments of the command line; of {@code append}, a table's path and how often
   * @param haltBefore halts the process before this commit; 0 for never
   * @param haltAfter halts the process after this commit; 0 for never
   * @param missing what its commits are made without
   */
  record Order(List<String> arguments, int haltBefore, int haltAfter, Missing missing) {}

  private DriverMain() {}

  public static void main(String[] arguments) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err);
    LocalSpark.session();
    answers.println("{}");
    try (BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = orders.readLine(); line != null; line = orders.readLine()) {
        answers.println(JSON.writeValueAsString(obeyed(JSON.readTree(line))));
      }
    }
    System.exit(0);
  }

  private static Outcome obeyed(JsonNode order) {
    World.forget();
    CommitFaults.without(Missing.valueOf(order.path("missing").asText()));
    int before = order.path("haltBefore").asInt();
    int after = order.path("haltAfter").asInt();
    if (before + after > 0) {
      CommitFaults.arm(End.HALT, before > 0 ? Moment.BEFORE : Moment.AFTER, before + after);
    }
    List<String> arguments = new ArrayList<>();
    order.path("arguments").forEach(each -> arguments.add(each.asText()));
    return arguments.get(0).equals("append")
        ? appended(arguments)
        : EndToEnd.shoplens(arguments.toArray(String[]::new));
  }

  /** Appends rows to a Delta table one by one, without a lease; those it was told are there. */
  private static Outcome appended(List<String> arguments) {
    SparkSession session = SparkSession.active();
    for (String setting : arguments.subList(3, arguments.size())) {
      int equals = setting.indexOf('=');
      session.conf().set(setting.substring(0, equals), setting.substring(equals + 1));
    }
    int appended = 0;
    String failures = "";
    for (int i = 0; i < Integer.parseInt(arguments.get(2)); i++) {
      try {
        session.range(1).write().format("delta").mode("append").save(arguments.get(1));
        appended++;
      } catch (RuntimeException refused) {
        failures += refused + "\n";
      }
    }
    return new Outcome(0, String.valueOf(appended), failures);
  }
}
