package io.shoplens;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the packages: who may know whom, and what the middle may not do. */
class ArchitectureTest {
  private static final String ROOT = "io.shoplens.";
  private static final String OURS = "io.shoplens..";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.shoplens");

  /** What a middle package would read, write or count with. */
  private static final Set<String> DOORS =
      Set.of(
          "org.apache.spark.sql.SparkSession",
          "org.apache.spark.sql.classic.SparkSession",
          "org.apache.spark.SparkContext",
          "org.apache.spark.sql.SQLContext",
          "org.apache.spark.sql.DataFrameReader",
          "org.apache.spark.sql.DataFrameWriter",
          "org.apache.spark.sql.DataFrameWriterV2",
          "org.apache.spark.sql.MergeIntoWriter",
          "org.apache.spark.sql.streaming.DataStreamReader",
          "org.apache.spark.sql.streaming.DataStreamWriter");

  private static final Set<String> ACTIONS =
      Set.of(
          "cache",
          "checkpoint",
          "collect",
          "collectAsList",
          "count",
          "first",
          "foreach",
          "foreachPartition",
          "head",
          "isEmpty",
          "javaRDD",
          "localCheckpoint",
          "persist",
          "rdd",
          "reduce",
          "show",
          "sparkSession",
          "tail",
          "take",
          "takeAsList",
          "toJavaRDD",
          "toLocalIterator",
          "write",
          "writeStream",
          "writeTo");

  @ParameterizedTest
  @CsvSource({
    "error,       ''",
    "table,       error",
    "config,      error",
    "clickstream, table config error",
    "link,        table config error",
    "commerce,    table config error",
    "attribution, table config error",
    "leakage,     table config error",
    "policy,      table config error",
    "quality,     table config error",
    "rawlog,      table config error",
    "lake,        table config error",
    "report,      table config error",
    "generate,    table config error"
  })
  void aPackageKnowsOnlyThoseBelowIt(String name, String allowed) {
    DescribedPredicate<JavaClass> foreign = resideInAPackage(OURS);
    for (String known : (name + " " + allowed).trim().split(" ")) {
      foreign = foreign.and(resideOutsideOfPackage(ROOT + known + ".."));
    }
    noClasses()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .dependOnClassesThat(foreign)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void nothingKnowsTheCommandsAndOnlyTheyKnowTheSteps() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "cli..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "cli..", ROOT + "job..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "job..")
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"clickstream", "link", "commerce", "attribution", "leakage", "policy", "table"})
  void theMiddleNeverOpensASessionNorReadsWritesOrCounts(String name) {
    noClasses()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .dependOnClassesThat(describe("open, read or write", c -> DOORS.contains(c.getName())))
        .orShould()
        .callMethodWhere(target(isAnAction()))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void onlyTheLakeAndThoseAboveItKnowDelta() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "lake..", ROOT + "job..", ROOT + "cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.delta..", "org.apache.spark.sql.delta..")
        .check(CLASSES);
  }

  @Test
  void methodsAreNamedForWhatTheyYield() {
    methods()
        .that(describe("are public and our own", ArchitectureTest::isPublicAndOurOwn))
        .should()
        .haveNameNotMatching("get[A-Z].*")
        .check(CLASSES);
  }

  @Test
  void noPublicSignatureTakesABoolean() {
    List<String> takers =
        CLASSES.stream()
            .flatMap(type -> type.getMethods().stream())
            .filter(ArchitectureTest::isPublicAndOurOwn)
            .filter(
                method ->
                    method.getRawParameterTypes().stream()
                        .anyMatch(
                            type ->
                                type.isEquivalentTo(boolean.class)
                                    || type.isEquivalentTo(Boolean.class)))
            .map(JavaMethod::getFullName)
            .toList();
    assertThat(takers).isEmpty();
  }

  @Test
  void theRulesSeeTheClasses() {
    assertThat(CLASSES.contain("io.shoplens.clickstream.SessionizedEvents")).isTrue();
    assertThat(CLASSES.stream().filter(type -> type.getName().endsWith("Test"))).isEmpty();
    assertThat(ACTIONS)
        .isSubsetOf(Stream.of(Dataset.class.getMethods()).map(method -> method.getName()).toList());
  }

  private static DescribedPredicate<AccessTarget.CodeUnitCallTarget> isAnAction() {
    return describe(
        "an action of a dataset",
        call ->
            call.getOwner().isAssignableTo("org.apache.spark.sql.Dataset")
                && ACTIONS.contains(call.getName()));
  }

  /** Public in a public class, neither generated for a record nor asked for by a supertype. */
  private static boolean isPublicAndOurOwn(JavaMethod method) {
    JavaClass owner = method.getOwner();
    return method.getModifiers().contains(JavaModifier.PUBLIC)
        && !method.getModifiers().contains(JavaModifier.SYNTHETIC)
        && owner.getModifiers().contains(JavaModifier.PUBLIC)
        && !owner.isRecord()
        && Stream.concat(
                owner.getAllRawSuperclasses().stream(), owner.getAllRawInterfaces().stream())
            .noneMatch(
                parent ->
                    parent.getMethods().stream()
                        .anyMatch(
                            other ->
                                other.getName().equals(method.getName())
                                    && other.getRawParameterTypes().size()
                                        == method.getRawParameterTypes().size()));
  }
}
