package io.shoplens.commerce;

import static io.shoplens.commerce.Shop.rates;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.Reference;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExchangeRatesTest {
  private static final Reference REFERENCE =
      Shop.reference(
          Map.of(
              "USD", rates("2026-03-02", "1.1", "2026-03-06", "1.2"),
              "GBP", rates("2026-03-03", "0.9")));

  private static final ExchangeRates RATES = ExchangeRates.of(Shop.PAID, REFERENCE);

  @Test
  void aCrossRateGoesThroughTheBaseWithTwelveDecimals() {
    assertThat(crossRate("GBP", "2026-03-03")).contains("1.222222222222");
    assertThat(crossRate("GBP", "2026-03-06")).contains("1.333333333333");
  }

  @Test
  void theBasesOwnRateIsOneAndSoIsThatOfTheReportingCurrencyToItself() {
    assertThat(crossRate("EUR", "2026-03-02")).contains("1.100000000000");
    assertThat(crossRate("USD", "1999-01-01")).contains("1");
  }

  @Test
  void eachOfTheTwoRatesIsCarriedSevenDays() {
    assertThat(crossRate("GBP", "2026-03-02")).isEmpty();
    assertThat(crossRate("GBP", "2026-03-10")).contains("1.333333333333");
    assertThat(crossRate("GBP", "2026-03-11")).isEmpty();
    assertThat(crossRate("EUR", "2026-03-13")).contains("1.200000000000");
    assertThat(crossRate("EUR", "2026-03-14")).isEmpty();
  }

  @Test
  void aCurrencyThatIsNotListedHasNoRate() {
    assertThat(crossRate("SEK", "2026-03-03")).isEmpty();
  }

  @Test
  void aConvertedAmountIsRoundedHalfUpToTheReportingMinorUnit() {
    assertThat(RATES.converted(new BigDecimal("10.005"), BigDecimal.ONE)).isEqualTo("10.01");
    assertThat(RATES.converted(new BigDecimal("3"), new BigDecimal("1.333333333333")))
        .isEqualTo("4.00");
  }

  private static Optional<String> crossRate(String currency, String date) {
    return RATES.crossRate(currency, LocalDate.parse(date)).map(BigDecimal::toPlainString);
  }
}
