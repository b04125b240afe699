package io.shoplens.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdTextTest {
  @Test
  void noIdIsInNoText() {
    assertThat(IdText.occursIn("a text", "")).isFalse();
    assertThat(IdText.replaced("a text", "", "X")).isEqualTo("a text");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "user77                      | X",
        "https://x.example/user77/a  | https://x.example/X/a",
        "?u=user77&v=user77          | ?u=X&v=X",
        "?to=%2Fuser77%2F            | ?to=%2FX%2F",
        "user778 xuser77 user77-b    | user778 xuser77 user77-b",
        "user77.                     | X."
      })
  void anIdIsReplacedWhereItIsAWordOfItsOwn(String text, String expected) {
    assertThat(IdText.replaced(text, "user77", "X")).isEqualTo(expected);
    assertThat(IdText.occursIn(text, "user77")).isEqualTo(!text.equals(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":1234567}                   | {\"a\":\"X\"}",
        "{\"a\":[1234567,1]}               | {\"a\":[\"X\",1]}",
        "{\"a\":1234567.5,\"b\":0.1234567} | {\"a\":1234567.5,\"b\":0.1234567}",
        "{\"a\":\"by 1234567, on\"}        | {\"a\":\"by X, on\"}",
        "{\"a\":\"x\\n1234567\"}           | {\"a\":\"x\\nX\"}",
        "{\"a\":\"x\\\"\",\"b\":1234567}   | {\"a\":\"x\\\"\",\"b\":\"X\"}"
      })
  void inJsonANumberThatIsTheIdBecomesAText(String json, String expected) {
    assertThat(IdText.replacedInJson(json, "1234567", "X")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":\"by\\u003duser77\"}        | {\"a\":\"by\\u003dX\"}",
        "{\"a\":\"x\\/user77\\/y\"}        | {\"a\":\"x\\/X\\/y\"}",
        "{\"a\":\"?u%3duser77%26b\"}         | {\"a\":\"?u%3dX%26b\"}",
        "{\"a\":\"?to=%253Fu%253Duser77\"}   | {\"a\":\"?to=%253Fu%253DX\"}",
        "{\"a\":\"\\u0075ser77\"}           | {\"a\":\"X\"}",
        "{\"a\":\"%C3%A9user77\"}            | {\"a\":\"%C3%A9user77\"}",
        "{\"a\":\"%41user77 100%user77\"}    | {\"a\":\"%41user77 100%X\"}"
      })
  void anIdIsFoundHoweverOftenItsPlaceIsEscaped(String json, String expected) {
    assertThat(IdText.replacedInJson(json, "user77", "X")).isEqualTo(expected);
    assertThat(IdText.replaced(json, "user77", "X")).isEqualTo(expected);
  }

  @Test
  void anIdIsFoundInItsOwnEscapes() {
    String json = "{\"a\":\"auth0\\u007c5f\",\"b\":\"auth0%257C5f\"}";

    assertThat(IdText.replacedInJson(json, "auth0|5f", "X")).isEqualTo("{\"a\":\"X\",\"b\":\"X\"}");
  }

  @ParameterizedTest
  @CsvSource({"a@b.example, a%40b.example", "ab:cd:ef, ab%3Acd%3Aef"})
  void anIdIsFoundPercentEncodedToo(String id, String encoded) {
    assertThat(IdText.replaced("?m=" + encoded + "&n=" + id, id, "X")).isEqualTo("?m=X&n=X");
  }

  @ParameterizedTest
  @CsvSource({"12345", "u1"})
  void whatIsTooShortToBeTakenForAnIdStays(String id) {
    assertThat(IdText.replaced("?u=" + id, id, "X")).isEqualTo("?u=" + id);
  }
}
