package io.shoplens.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.ErasedPersons.Mark;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErasedPersonsTest {
  private static final KeyRing KEYS =
      KeyRing.parse("k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "test");

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "user-17       ; by user-17, on          ; by erased, on",
        "auth0|5f7c    ; ?u=auth0|5f7c&v=1       ; ?u=erased&v=1",
        "auth0|5f7c    ; ?u=auth0%7c5f7c&v=1     ; ?u=erased&v=1",
        "dXNlci0x/+A== ; ?u=dXNlci0x/+A==&v=1    ; ?u=erased&v=1",
        "a@b.example   ; mailto:a@b.example      ; mailto:erased",
        "a@b.example   ; ?to=%253Fm%253Da%2540b.example ; ?to=%253Fm%253Derased",
        "user-17       ; user-171 xuser-17       ; user-171 xuser-17"
      })
  void anIdIsKnownAgainInTextWhateverItIsMadeOf(String id, String text, String expected) {
    assertThat(erased(id).withoutIds(text)).isEqualTo(expected);
    assertThat(erased(id).isIn(text)).isEqualTo(!text.equals(expected));
  }

  @Test
  void anIdIsKnownAgainInJsonByItsEscapes() {
    assertThat(erased("auth0|5f7c").withoutIdsInJson("{\"a\":\"by\\u003dauth0\\u007c5f7c\"}"))
        .isEqualTo("{\"a\":\"by\\u003derased\"}");
  }

  private static ErasedPersons erased(String id) {
    return ErasedPersons.of(
        List.of(new Mark("k1", KEYS.erasureMark("k1", id), Optional.of(id.length()))), KEYS);
  }
}
