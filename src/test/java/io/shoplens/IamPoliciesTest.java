package io.shoplens;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.shoplens.lake.RawFiles;
import io.shoplens.table.Runs;
import io.shoplens.table.Tables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The shipped policies grant what each part needs and nothing beyond. */
class IamPoliciesTest {
  @Test
  void theAnalystReadsGoldWithItsViewsAndWhatWasPublishedAndChangesNothing() throws IOException {
    assertThat(granted("analyst.json"))
        .containsOnlyKeys("s3:GetBucketLocation", "s3:ListBucket", "s3:GetObject");
    Set<String> read =
        Stream.concat(
                Stream.of(
                    "my-bucket/lake/gold/*", "my-bucket/lake/" + Runs.TABLE.directory() + "/*"),
                Tables.VIEWS.stream()
                    .filter(view -> view.table().layer().equals("gold"))
                    .flatMap(view -> view.sources().stream())
                    .filter(source -> !source.layer().equals("gold"))
                    .map(source -> "my-bucket/lake/" + source.directory() + "/*"))
            .collect(Collectors.toSet());
    assertThat(granted("analyst.json").get("s3:GetObject"))
        .containsExactlyInAnyOrderElementsOf(read);
  }

  @Test
  void theErasureRewritesLogsAndRemovesOnlyWhatItWroteBesideThem() throws IOException {
    assertThat(granted("erasure.json").get("s3:PutObject"))
        .containsExactly("my-bucket/lake/*", "my-bucket/raw/*");
    Set<String> removed = granted("erasure.json").get("s3:DeleteObject");
    for (String log : List.of("my-bucket/raw/a.json", "my-bucket/raw/date=2026-03-01/a.json.gz")) {
      String half = RawFiles.half(new org.apache.hadoop.fs.Path(log)).toString();
      assertThat(removed)
          .anyMatch(resource -> covers(resource, half))
          .noneMatch(resource -> covers(resource, log));
    }
  }

  /** Whether a resource of a policy is or names a key: an asterisk stands for anything. */
  private static boolean covers(String resource, String key) {
    return key.matches(
        Stream.of(resource.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
  }

  @Test
  void theWriterRemovesNoData() throws IOException {
    assertThat(granted("writer.json").get("s3:DeleteObject"))
        .containsExactly("my-bucket/lake/*/_delta_log/*", "my-bucket/lake/_shoplens/*");
    assertThat(granted("writer.json").get("s3:PutObject")).containsExactly("my-bucket/lake/*");
  }

  @Test
  void maintenanceStaysInTheLake() throws IOException {
    assertThat(granted("maintenance.json").get("s3:DeleteObject"))
        .containsExactly("my-bucket/lake/*");
    assertThat(granted("maintenance.json").get("s3:GetObject")).containsExactly("my-bucket/lake/*");
  }

  /** Resources by action. */
  private static TreeMap<String, TreeSet<String>> granted(String policy) throws IOException {
    TreeMap<String, TreeSet<String>> granted = new TreeMap<>();
    JsonNode document = new ObjectMapper().readTree(Path.of("conf", "iam", policy).toFile());
    for (JsonNode statement : document.get("Statement")) {
      assertThat(statement.get("Effect").asText()).isEqualTo("Allow");
      for (String action : texts(statement.get("Action"))) {
        granted
            .computeIfAbsent(action, any -> new TreeSet<>())
            .addAll(texts(statement.get("Resource")));
      }
    }
    return granted;
  }

  private static TreeSet<String> texts(JsonNode oneOrMany) {
    TreeSet<String> texts = new TreeSet<>();
    if (oneOrMany.isTextual()) {
      texts.add(oneOrMany.asText().replace("arn:aws:s3:::", ""));
    }
    oneOrMany.forEach(text -> texts.add(text.asText().replace("arn:aws:s3:::", "")));
    return texts;
  }
}
