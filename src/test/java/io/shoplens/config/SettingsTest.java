package io.shoplens.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SettingsTest {
  static final List<Setting<?>> SETTINGS = Settings.ALL;
  static final List<String> FILES =
      List.of("shoplens.yaml", "local.yaml", "samples.yaml", "s3.yaml");

  @TempDir private Path folder;

  @ParameterizedTest
  @FieldSource("SETTINGS")
  void everySettingSaysWhatAReaderNeedsAndAllowsItsDefault(Setting<?> setting) {
    assertThat(setting.key()).matches("[a-z]+(\\.[a-z]+([-_][a-z]+)*)+");
    assertThat(setting.help()).matches("[A-Z].*\\.");
    assertThat(setting.allowed()).isNotBlank();
    assertThat(setting.isSecret()).isFalse();
    setting
        .fallback()
        .ifPresent(text -> assertThat((Object) setting.parser().apply(text)).isNotNull());
    assertThat(Settings.named(setting.key()).map(Object.class::cast)).contains(setting);
  }

  @Test
  void noTwoSettingsShareAKeyOrAVariable() {
    assertThat(SETTINGS.stream().map(Setting::key)).doesNotHaveDuplicates();
    assertThat(SETTINGS.stream().map(Setting::environmentVariable)).doesNotHaveDuplicates();
  }

  /** Uncommented lines hold the settings as they are; {@code #key: value} holds a default. */
  @Test
  void theCommentedFileNamesEverySettingWithItsDefault() throws IOException {
    Path file = folder.resolve("all.yaml");
    Files.writeString(file, uncommented("shoplens.yaml"));

    Map<String, String> listed =
        YamlFile.read(file.toString()).values().stream()
            .filter(given -> Settings.named(given.key()).isPresent())
            .collect(Collectors.toMap(Given::key, Given::text));

    assertThat(listed)
        .isEqualTo(
            SETTINGS.stream()
                .collect(
                    Collectors.toMap(
                        Setting::key, setting -> setting.fallback().orElse("../target/lake"))));
  }

  @Test
  void theCommentedFileUncommentedIsTheDefaults() throws IOException {
    Path home = Files.createDirectories(folder.resolve("conf"));
    ConfFolder conf = ConfFolder.in(home);

    ShoplensConfig shipped = conf.load(Files.readString(Path.of("conf", "shoplens.yaml")));
    ShoplensConfig all = conf.load(uncommented("shoplens.yaml"));

    assertThat(shipped).isEqualTo(conf.load("lake.root: ../target/lake\n"));
    assertThat(all.lakeRoot()).isEqualTo(folder.resolve("target/lake").toString());
    assertThat(all.lake()).isEqualTo(shipped.lake());
    assertThat(all.ingest()).isEqualTo(shipped.ingest());
    assertThat(all.clickstream()).isEqualTo(shipped.clickstream());
    assertThat(all.gmv()).isEqualTo(shipped.gmv());
    assertThat(all.attribution()).isEqualTo(shipped.attribution());
    assertThat(all.leakage()).isEqualTo(shipped.leakage());
    assertThat(all.reference()).isEqualTo(shipped.reference());
    assertThat(all.feeds().stream().map(Feed::name)).containsExactly("clicks", "invoices");
  }

  @ParameterizedTest
  @FieldSource("FILES")
  void everyShippedFileIsAllowed(String name) throws IOException {
    ConfFolder conf = ConfFolder.in(folder);
    ShoplensConfig config = conf.load(Files.readString(Path.of("conf", name)));
    assertThat(config.lakeRoot()).endsWith("lake");
    assertThat(config.feeds()).hasSize(name.equals("shoplens.yaml") ? 0 : 2);
  }

  private static String uncommented(String name) throws IOException {
    return Files.readString(Path.of("conf", name))
        .lines()
        .map(line -> line.replaceFirst("^( *)#([a-z])", "$1$2"))
        .collect(Collectors.joining("\n"));
  }
}
