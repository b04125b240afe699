package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.cli.EndToEnd.Outcome;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResolveCommandTest {
  private static final String CONF = EndToEnd.CONF.resolve("samples.yaml").toString();

  @Test
  void tellsEveryRuleThatAppliedAndWhatCameOfTheLink() {
    Outcome outcome =
        EndToEnd.shoplens(
            "resolve",
            "--conf",
            CONF,
            "https://l.facebook.com/l.php?u=https%3A%2F%2Fshopee.sg%2Fproduct%2F1%2F2%23top&h=AT1");

    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .isEqualTo(
            """
            https://l.facebook.com/l.php?u=https%3A%2F%2Fshopee.sg%2Fproduct%2F1%2F2%23top&h=AT1
              1. redirector facebook.com /l.php u: https://shopee.sg/product/1/2
              2. merchant shopee.sg: Shopee
              final_url            https://shopee.sg/product/1/2
              host                 shopee.sg
              registrable_domain   shopee.sg
              merchant             Shopee SG
              merchant_group       Shopee
              parent_group         Sea
              link_kind            marketplace
              certainty            decoded
              is_competitor        true
              product_key          shopee:1.2
            """);
  }

  @Test
  void printsWhatIsKeptApartOfALink() {
    Outcome outcome =
        EndToEnd.shoplens(
            "resolve",
            "--conf",
            CONF,
            "https://www.amazon.com/dp/B08N5WRWNW?tag=creator-21&ascsubtag=x&utm_source=bio");

    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .endsWith(
            """
              affiliate_network    Amazon Associates
              tracking_parameters  utm_source=bio
              affiliate_parameters ascsubtag=***, tag=creator-21
            """);
  }

  @Test
  void readsLinksFromStandardInputAndAnswersInJsonLines() {
    InputStream before = System.in;
    System.setIn(
        new ByteArrayInputStream(
            "https://amazon.com.evil.example/\n\n%%%\n".getBytes(StandardCharsets.UTF_8)));
    try {
      Outcome outcome = EndToEnd.shoplens("resolve", "--conf", CONF, "--json", "-");

      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(outcome.out().lines())
          .hasSize(2)
          .first()
          .asString()
          .contains("\"registrable_domain\":\"evil.example\"", "\"is_competitor\":false");
    } finally {
      System.setIn(before);
    }
  }
}
