package io.shoplens.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shoplens.config.LakeSettings;
import io.shoplens.config.LakeSettings.Drivers;
import io.shoplens.config.LakeSettings.SecondRun;
import io.shoplens.error.ShoplensException;
import io.shoplens.lake.ErasureList;
import io.shoplens.lake.ErasureList.Published;
import io.shoplens.lake.Lake;
import io.shoplens.lake.Lease;
import io.shoplens.lake.PersonKeys;
import io.shoplens.table.Checks;
import io.shoplens.testing.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Work that was overtaken changes nothing any more; and while ids are replaced in some tables only,
 * nothing is done but what replaces them.
 */
class ExclusivelyTest {
  private static final List<String> OTHERS =
      List.of("run", "orders", "attribution", "quarantine replay", "restore", "maintain");

  @TempDir Path folder;
  private Place place;

  @BeforeEach
  void found() throws IOException {
    place = new Place(folder, "place");
  }

  @Test
  void afterAnErasureThatWasCutShortOnlyAnErasureIsDoneUntilItIsRepeated() {
    ErasureList list = new ErasureList(place.lake());
    list.begin(List.of("one", "other"), Published.ALL);
    list.end(List.of("one"));

    assertRefused(OTHERS, "An erasure was cut short.", "Run shoplens erase again");
    assertRefused(List.of(Rekeying.COMMAND), "An erasure was cut short.", "the same ids");
    assertThat(done(Erasure.COMMAND)).isEqualTo("done");

    list.end(List.of("other"));
    assertThat(done("run")).isEqualTo("done");
  }

  @Test
  void afterARekeyThatWasCutShortOnlyARekeyIsDoneUntilItIsRepeated() {
    PersonKeys.storeUnfinished(place.lake());

    assertRefused(OTHERS, "A rekey was cut short.", "Run shoplens rekey again.");
    assertRefused(List.of(Erasure.COMMAND), "A rekey was cut short.", "Run shoplens rekey again.");
    assertThat(done(Rekeying.COMMAND)).isEqualTo("done");

    PersonKeys.store(place.lake(), List.of("k1"));
    assertThat(done("run")).isEqualTo("done");
  }

  @Test
  void workThatIsTakenForDeadEndsBeforeItsNextCommit() {
    RunContext run = place.context();
    Lake lake = run.lake();

    assertThatThrownBy(
            () ->
                Exclusively.on(
                    lake,
                    run.config(),
                    "run",
                    notice -> {},
                    lease -> {
                      lake.append(Checks.TABLE, Rows.of(Checks.TABLE, "{'run_id':'in time'}"));
                      overtake(lake).close();
                      lake.append(Checks.TABLE, Rows.of(Checks.TABLE, "{'run_id':'late'}"));
                      return "done";
                    }))
        .isInstanceOf(ShoplensException.class)
        .hasMessageStartingWith("This run has lost its place to another.");

    assertThat(Rows.json(lake.read(Checks.TABLE), "run_id"))
        .containsExactly("{'run_id':'in time'}");
  }

  /** Another that takes for dead whoever gives no sign of life for a tenth of a second. */
  private static Lease overtake(Lake lake) {
    LakeSettings impatient =
        new LakeSettings(
            Drivers.MANY,
            SecondRun.WAIT,
            Duration.ofMinutes(1),
            Duration.ofMillis(100),
            Duration.ofDays(7));
    return Lease.take(lake.root(), impatient, "run", lake.hadoop(), notice -> {});
  }

  private void assertRefused(List<String> commands, String problem, String cure) {
    for (String command : commands) {
      assertThatThrownBy(() -> done(command))
          .as(command)
          .hasMessageContaining(problem)
          .hasMessageContaining(cure);
    }
  }

  private String done(String command) {
    return Exclusively.on(
        place.lake(), place.context().config(), command, notice -> {}, lease -> "done");
  }
}
