package io.shoplens.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FeedPathTest {
  @Test
  void aPathIsAFileAFolderOrAGlob() {
    assertThat(FeedPath.of("/logs/events").base()).isEqualTo("/logs/events");
    assertThat(FeedPath.of("/logs/events").matches("/elsewhere")).isTrue();
    FeedPath glob = FeedPath.of("s3a://bucket/logs/*/events-?.{json,csv}");
    assertThat(glob.base()).isEqualTo("s3a://bucket/logs");
    assertThat(glob.matches("/logs/a/events-1.csv")).isTrue();
    assertThat(glob.matches("/logs/a/b/events-1.csv")).isFalse();
    assertThat(glob.folders()).isEmpty();
  }

  @Test
  void foldersMayCarryADateOrItsParts() {
    FeedPath hive = FeedPath.of("/logs/*-[a-c]/date={date}/**");
    assertThat(hive.matches("/logs/eu-a/date=2026-03-02/h/x.gz")).isTrue();
    assertThat(hive.matches("/logs/eu-a/date=today/x.gz")).isFalse();
    assertThat(hive.folders()).extracting(Pattern::pattern).hasSize(2);
    assertThat(hive.date("/eu-a/date=2026-03-02/h/x.gz")).contains(LocalDate.parse("2026-03-02"));
    assertThat(hive.date("/eu-d/date=2026-03-02/x.gz")).isEmpty();
    assertThat(hive.date("/eu-a/date=2026-02-30/x.gz")).isEmpty();

    FeedPath parts = FeedPath.of("/logs/{yyyy}/{MM}/{dd}/{a,b}.gz");
    assertThat(parts.matches("/logs/2026/03/02/b.gz")).isTrue();
    assertThat(parts.date("/2026/03/02/b.gz")).contains(LocalDate.parse("2026-03-02"));

    FeedPath file = FeedPath.of("/logs/{date}.gz");
    assertThat(file.matches("/logs/2026-03-02.gz")).isTrue();
    assertThat(file.folders()).isEmpty();
    assertThat(file.date("/2026-03-02.gz")).isEmpty();
  }

  @Test
  void foldersOfOtherDatesAreKnownFromWhatTheyTellSoFar() {
    FeedPath path = FeedPath.of("/logs/{yyyy}/{MM}/{dd}/*");
    FeedPath.DateParts march =
        FeedPath.DateParts.NONE
            .with(path.folders().get(0), "2026")
            .flatMap(parts -> parts.with(path.folders().get(1), "03"))
            .orElseThrow();
    assertThat(march.mayReach(LocalDate.parse("2026-03-31"))).isTrue();
    assertThat(march.mayReach(LocalDate.parse("2026-04-01"))).isFalse();
    assertThat(march.mayBe(LocalDate.parse("2026-03-01"))).isTrue();
    assertThat(march.mayBe(LocalDate.parse("2025-03-01"))).isFalse();
  }

  @Test
  void partsOfADateGoTogether() {
    for (String path : new String[] {"/l/{yyyy}/*", "/l/{MM}-{dd}/*", "/l/{date}/{date}/*"}) {
      assertThatThrownBy(() -> FeedPath.of(path)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
