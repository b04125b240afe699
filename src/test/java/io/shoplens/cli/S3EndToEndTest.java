package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Expected;
import io.shoplens.cli.EndToEnd.Outcome;
import io.shoplens.lake.Lake;
import io.shoplens.table.Ledger;
import io.shoplens.testing.LocalSpark;
import io.shoplens.testing.LoopbackS3;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Raw logs in a bucket to tables in a bucket to an answer, through the real command line and a real
 * S3 server.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3EndToEndTest {
  private static final String LOGS = "s3a://shop-logs/raw";
  private static final String LAKE = "s3a://shop-lake/tables";
  private static final String DAY = "date=2026-03-04";

  private static final String QUERY =
      "SELECT market, gmv_date, orders FROM gold.daily_gmv ORDER BY ALL";

  private Path buckets;
  private Path logs;
  private LoopbackS3 s3;
  private Outcome run;

  @BeforeAll
  void run(@TempDir Path folder) throws Exception {
    buckets = folder.resolve("buckets");
    s3 = LoopbackS3.start(buckets, "shop-logs", "shop-lake");
    logs = folder.resolve("logs");
    for (String feed : List.of("events", "orders")) {
      copy(EndToEnd.SAMPLES.resolve(feed).resolve(DAY), raw(feed).resolve(DAY));
    }
    upload();
    run = attempt();
    assertThat(run.exit()).as(run.err() + run.out()).isZero();
  }

  @AfterAll
  void stop() {
    s3.close();
  }

  @Test
  void goldInTheBucketEqualsTheOracleOverTheSameFiles() {
    EndToEnd.assertGold(new Lake(session(), LAKE), Expected.of(raw("events"), raw("orders")));
  }

  @Test
  void aSecondRunReadsNothingAndWritesNothing() throws IOException {
    List<String> before = objects();

    Outcome second = attempt();

    assertThat(second.exit()).as(second.err()).isZero();
    assertThat(second.out())
        .contains("records 0 = accepted 0 + duplicate 0 + rejected 0 + blank 0");
    assertThat(objects()).isEqualTo(before);
  }

  @Test
  void aQueryWithCredentialsOfTheEnvironmentReadsTheBucket() throws Exception {
    Process shoplens = shoplensOfItsOwn("sql", "--format", "csv", QUERY);
    String out = new String(shoplens.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(shoplens.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(shoplens.exitValue()).as(out).isZero();
    assertThat(out.lines().toList())
        .isEqualTo(
            Stream.concat(
                    Stream.of("market,gmv_date,orders"),
                    Expected.of(raw("events"), raw("orders")).dailyGmv().stream()
                        .map(
                            row ->
                                String.join(
                                    ",", row.get("market"), row.get("gmv_date"), row.get("orders")))
                        .sorted())
                .toList());
  }

  @Test
  void theEtagOfEveryInputFileIsRecorded() {
    Lake lake = new Lake(session(), LAKE);
    assertThat(lake.read(Ledger.TABLE).where("etag IS NULL").count()).isZero();
    assertThat(lake.read(Ledger.TABLE).count()).isPositive();
  }

  @Test
  void keysAreWrittenNowhere() throws IOException {
    List<String> leaks = new ArrayList<>();
    for (String text : List.of(run.out(), run.err())) {
      if (text.contains(LoopbackS3.SECRET_KEY) || text.contains(LoopbackS3.ACCESS_KEY)) {
        leaks.add(text);
      }
    }
    for (Path file : files(buckets.resolve("shop-lake"))) {
      String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
      if (bytes.contains(LoopbackS3.SECRET_KEY) || bytes.contains(LoopbackS3.ACCESS_KEY)) {
        leaks.add(file.toString());
      }
    }
    assertThat(leaks).isEmpty();
  }

  private Path raw(String feed) {
    return logs.resolve(feed);
  }

  private SparkSession session() {
    SparkSession session = LocalSpark.session().newSession();
    s3.hadoopSettings().forEach(session.conf()::set);
    return session;
  }

  /** By S3 itself: the server knows no ETag of files that lie in its folder some other way. */
  private void upload() throws IOException {
    org.apache.hadoop.fs.Path bucket = new org.apache.hadoop.fs.Path(LOGS);
    bucket
        .getFileSystem(session().sessionState().newHadoopConf())
        .copyFromLocalFile(new org.apache.hadoop.fs.Path(logs.toUri()), bucket);
  }

  private Outcome attempt() {
    List<String> settings = new ArrayList<>();
    s3.hadoopSettings().forEach((key, value) -> settings.addAll(List.of("-D", key + "=" + value)));
    return EndToEnd.attempt(
        LOGS + "/events", LOGS + "/orders/**", LAKE, settings.toArray(String[]::new));
  }

  /** A process of its own: only there the environment can hold keys. */
  private Process shoplensOfItsOwn(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        Stream.of(org.apache.spark.launcher.JavaModuleOptions.defaultModuleOptionArray()).toList());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.add(arguments[0]);
    command.addAll(List.of("--conf", EndToEnd.CONF.resolve("samples.yaml").toString()));
    command.addAll(List.of("-D", "lake.root=" + LAKE));
    s3.hadoopSettings()
        .forEach(
            (key, value) -> {
              if (!key.endsWith(".key")) {
                command.addAll(List.of("-D", key + "=" + value));
              }
            });
    command.addAll(List.of(arguments).subList(1, arguments.length));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(buckets.resolveSibling("sql.err").toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "AWS_ACCESS_KEY_ID", LoopbackS3.ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY", LoopbackS3.SECRET_KEY));
    return builder.start();
  }

  private List<String> objects() throws IOException {
    List<String> objects = new ArrayList<>();
    for (Path file : files(buckets)) {
      if (file.toString().contains("/_shoplens/")) {
        // The lease, which every run takes and gives back.
        continue;
      }
      objects.add(buckets.relativize(file) + " " + Files.getLastModifiedTime(file));
    }
    return objects;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path file : files(from)) {
      Files.copy(file, to.resolve(file.getFileName()));
    }
  }
}
