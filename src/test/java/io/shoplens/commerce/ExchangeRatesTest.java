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
  void aRateGoesThroughTheBase() {
    assertThat(converted("900000000", "GBP", "2026-03-03")).contains("1100000000.00");
    assertThat(converted("1000000000", "GBP", "2026-03-06")).contains("1333333333.33");
  }

  @Test
  void theBasesOwnRateIsOneAndSoIsThatOfTheReportingCurrencyToItself() {
    assertThat(converted("1", "EUR", "2026-03-02")).contains("1.10");
    assertThat(converted("1", "USD", "1999-01-01")).contains("1.00");
  }

  @Test
  void eachOfTheTwoRatesIsCarriedSevenDays() {
    assertThat(converted("3", "GBP", "2026-03-02")).isEmpty();
    assertThat(converted("3", "GBP", "2026-03-10")).contains("4.00");
    assertThat(converted("3", "GBP", "2026-03-11")).isEmpty();
    assertThat(converted("3", "EUR", "2026-03-13")).contains("3.60");
    assertThat(converted("3", "EUR", "2026-03-14")).isEmpty();
  }

  @Test
  void aCurrencyThatIsNotListedHasNoRate() {
    assertThat(converted("1", "SEK", "2026-03-03")).isEmpty();
  }

  @Test
  void anAmountIsRoundedOnceHalfUpToTheMinorUnitOfTheCurrencyConvertedInto() {
    ExchangeRates shipped =
        ExchangeRates.of(
            Shop.PAID,
            Shop.reference(
                Map.of(
                    "USD", rates("2026-03-02", "1.1698"),
                    "IDR", rates("2026-03-02", "19742.36"),
                    "JPY", rates("2026-03-02", "184"))));
    LocalDate date = LocalDate.parse("2026-03-02");
    // 709.0250000507: a rate of twelve decimals would make it 709.02.
    assertThat(shipped.crossRate("IDR", date).orElseThrow().converted(new BigDecimal("11966000")))
        .isEqualTo("709.03");
    assertThat(
            shipped.crossRate("EUR", "JPY", date).orElseThrow().converted(new BigDecimal("1.25")))
        .isEqualTo("230");
    assertThat(converted("10.005", "USD", "2026-03-02")).contains("10.01");
  }

  private static Optional<String> converted(String amount, String currency, String date) {
    return RATES
        .crossRate(currency, LocalDate.parse(date))
        .map(rate -> rate.converted(new BigDecimal(amount)).toPlainString());
  }
}
