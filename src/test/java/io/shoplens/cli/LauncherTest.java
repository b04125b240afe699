package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a folder of its own, with scripts in the places of Maven, Java and Spark. */
class LauncherTest {
  @TempDir private Path folder;
  private Path home;

  record Launched(int exit, String out, String err) {}

  @BeforeEach
  void home() throws IOException {
    home = Files.createDirectories(folder.resolve("a home"));
    Files.createDirectories(home.resolve("bin"));
    Files.copy(Path.of("bin", "shoplens"), home.resolve("bin/shoplens"));
    executable(home.resolve("bin/shoplens"), Files.readString(Path.of("bin", "shoplens")));
    Files.copy(Path.of("pom.xml"), home.resolve("pom.xml"));
    write("src/main/java/A.java", "class A {}");
    executable(
        home.resolve("mvnw"),
        "#!/bin/sh\necho built >>mvnw.log\nmkdir -p target\ntouch target/shoplens.jar\n"
            + "echo \"$PWD/m2/spark.jar\" >target/classpath.txt\n");
    write("m2/spark.jar", "");
    executable(home.resolve("jdk/bin/java"), "#!/bin/sh\nfor a in \"$@\"; do echo \"$a\"; done\n");
    executable(
        home.resolve("spark/bin/spark-submit"),
        "#!/bin/sh\nfor a in \"$@\"; do echo \"$a\"; done\nexit 3\n");
  }

  @Test
  void whatIsMissingIsBuiltOnceAndArgumentsArriveWhole() throws Exception {
    Launched first = launch(Map.of(), "sql", "SELECT 'a  b', \"$HOME\" *");
    Launched second = launch(Map.of(), "version");

    assertThat(first.err())
        .isEqualTo("Building Shoplens (once; the first time downloads Spark) ...\n");
    assertThat(first.out().lines().toList())
        .startsWith("-Xmx2g")
        .endsWith(
            "-cp",
            home + "/target/shoplens.jar:" + home + "/m2/spark.jar",
            "io.shoplens.cli.Main",
            "sql",
            "SELECT 'a  b', \"$HOME\" *");
    assertThat(second.err()).isEmpty();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void changedAndDeletedSourcesAreBuiltAndTestsAreNot() throws Exception {
    launch(Map.of(), "version");
    write("src/test/java/B.java", "class B {}");
    launch(Map.of(), "version");
    assertThat(builds()).isEqualTo(1);

    later(home.resolve("src/main/java/A.java"));
    launch(Map.of(), "version");
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void aJarThatMavenBuiltByItselfIsTakenAsItIs() throws Exception {
    write("target/classpath.txt", home + "/m2/spark.jar");
    write("target/shoplens.jar", "");
    later(home.resolve("target/shoplens.jar"));

    launch(Map.of(), "version");

    assertThat(home.resolve("mvnw.log")).doesNotExist();
  }

  @Test
  void aClassPathOfWhichSomethingIsGoneIsBuiltAnew() throws Exception {
    launch(Map.of(), "version");
    write("target/classpath.txt", home + "/m2/spark.jar:" + home + "/m2/gone.jar");

    assertThat(launch(Map.of(), "version").err()).startsWith("Building Shoplens");
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void aJavaHomeWithoutJavaIsRefused() throws Exception {
    assertThat(launch(Map.of("JAVA_HOME", "/none"), "version"))
        .isEqualTo(
            new Launched(
                2,
                "",
                """
                There is no Java in JAVA_HOME.
                  Cause: /none/bin/java does not exist.
                  Cure:  Point JAVA_HOME to a JDK 17 or later, or unset it to use the java on the PATH.
                """));
  }

  @Test
  void aJavaThatIsTooOldIsRefused() throws Exception {
    write("jdk/release", "IMPLEMENTOR=\"A\"\nJAVA_VERSION=\"11.0.25\"\n");

    Launched run = launch(Map.of(), "version");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .endsWith(
            "This Java is too old.\n  Cause: "
                + home
                + "/jdk/bin/java is Java 11.0.25.\n  Cure:  Install a JDK 17 or later.\n");
  }

  @Test
  void aBuildThatFailsEndsInTwo() throws Exception {
    executable(home.resolve("mvnw"), "#!/bin/sh\necho 'no network' >&2\nexit 1\n");

    assertThat(launch(Map.of(), "version"))
        .isEqualTo(
            new Launched(
                2,
                "",
                """
                Building Shoplens (once; the first time downloads Spark) ...
                no network
                The build failed.
                  Cause: Maven says why above.
                  Cure:  Mend that and run again; it takes a JDK 17 or later and, once, a network.
                """));
  }

  @Test
  void memoryAndOptionsComeFromTheEnvironmentAndLinksAreFollowed() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), home.resolve("bin/shoplens"));

    Launched run =
        launch(
            link,
            Map.of("SHOPLENS_DRIVER_MEMORY", "5g", "SHOPLENS_JAVA_OPTIONS", "-Da=1 -Db=2"),
            "version");

    assertThat(run.out().lines())
        .contains(
            "-Xmx5g",
            "-Da=1",
            "-Db=2",
            "-Dlog4j2.configurationFile=file:" + home + "/conf/log4j2.properties");
  }

  @Test
  void sparkHomeIsUsedWhereItIsSetAndItsExitCodeIsKept() throws Exception {
    write("spark/jars/spark-core_2.13-4.2.0.jar", "");
    Map<String, String> environment = Map.of("SPARK_HOME", home.resolve("spark").toString());

    Launched run = launch(environment, "run", "--conf", "my conf.yaml");

    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.out().lines().toList())
        .startsWith("--class", "io.shoplens.cli.Main", "--driver-memory", "2g", "--conf")
        .containsSequence("--exclude-packages", "software.amazon.awssdk:bundle")
        .anyMatch(line -> line.startsWith("io.delta:delta-spark_4.2_2.13:4."))
        .endsWith(home + "/target/shoplens.jar", "run", "--conf", "my conf.yaml");
    Map<String, String> bare =
        Map.of("SPARK_HOME", home.resolve("spark").toString(), "SHOPLENS_PACKAGES", "");
    assertThat(launch(bare, "run").out()).doesNotContain("packages");
  }

  @Test
  void anotherSparkIsRefused() throws Exception {
    write("spark/jars/spark-core_2.12-3.5.1.jar", "");

    Launched run = launch(Map.of("SPARK_HOME", home.resolve("spark").toString()), "run");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .endsWith(
            "SPARK_HOME holds another Spark than 4.2.\n  Cause: "
                + home
                + "/spark/jars/spark-core_2.12-3.5.1.jar is there.\n  Cure:  Point SPARK_HOME to"
                + " Spark 4.2, or unset it to run on Spark from the Maven repository.\n");
  }

  private Launched launch(Map<String, String> environment, String... arguments) throws Exception {
    return launch(home.resolve("bin/shoplens"), environment, arguments);
  }

  private Launched launch(Path script, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("(SHOPLENS|SPARK)_.*"));
    builder.environment().put("JAVA_HOME", home.resolve("jdk").toString());
    builder.environment().putAll(environment);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Launched(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private long builds() throws IOException {
    return Files.readAllLines(home.resolve("mvnw.log")).size();
  }

  private void write(String name, String text) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  private static void executable(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, StandardCharsets.UTF_8);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static void later(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() + 5_000));
  }
}
