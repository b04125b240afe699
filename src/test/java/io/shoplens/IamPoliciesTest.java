package io.shoplens;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The shipped policies grant what each part needs and nothing beyond. */
class IamPoliciesTest {
  @Test
  void theAnalystReadsGoldAndChangesNothing() throws IOException {
    assertThat(granted("analyst.json"))
        .containsOnlyKeys("s3:GetBucketLocation", "s3:ListBucket", "s3:GetObject")
        .containsEntry("s3:GetObject", new TreeSet<>(java.util.List.of("my-bucket/lake/gold/*")));
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
