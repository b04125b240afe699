package io.shoplens.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CatalogueFindingsTest {
  private static final Reference SHIPPED = Catalogues.shipped();

  private static Reference with(List<Reference.Merchant> merchants) {
    List<Reference.Merchant> all = new ArrayList<>(SHIPPED.merchants());
    all.addAll(merchants);
    return Catalogues.reference(
        all,
        SHIPPED.redirectors(),
        SHIPPED.shorteners(),
        SHIPPED.knownRedirects(),
        SHIPPED.queryParameters());
  }

  private static Reference.Merchant merchant(String name, String domain, String source) {
    return new Reference.Merchant(
        name, Optional.empty(), name, domain, "marketplace", true, source);
  }

  @Test
  void theShippedCataloguesHaveNone() {
    assertThat(CatalogueFindings.of(SHIPPED)).isEmpty();
  }

  @Test
  void whatAnotherLineOutdoesOrNoLinkCanMeetIsNamed() {
    Map<String, String> known = new LinkedHashMap<>();
    known.put("https://", "https://shopee.sg/");
    known.put("https://go.example/x", "%%%");
    List<Reference.Merchant> merchants = new ArrayList<>(SHIPPED.merchants());
    merchants.add(merchant("Again", "shopee.sg", "a list"));
    merchants.add(merchant("Suffix", "co.uk", "a list"));
    merchants.add(merchant("Ours", "www.shop.example", "a list"));
    List<Reference.QueryParameter> parameters = new ArrayList<>(SHIPPED.queryParameters());
    parameters.add(
        new Reference.QueryParameter(
            "ref", "affiliate", "value", Optional.empty(), Optional.of("Nobody")));
    Reference.Redirector twice = SHIPPED.redirectors().get(0);
    List<Reference.Redirector> redirectors = new ArrayList<>(SHIPPED.redirectors());
    redirectors.add(twice);

    assertThat(
            CatalogueFindings.of(
                Catalogues.reference(
                    merchants,
                    redirectors,
                    List.of(
                        new Reference.Shortener("x.example", "shortener"),
                        new Reference.Shortener("x.example", "link_hub"),
                        new Reference.Shortener("shopee.sg", "shortener")),
                    known,
                    parameters)))
        .containsExactly(
            "merchants: shopee.sg of Again is dead, for Shopee SG has it already",
            "merchants: co.uk of Suffix is dead, for it is a public suffix",
            "merchants: www.shop.example of Ours is dead, for it is an own domain",
            "shorteners: x.example stands twice, and the first line counts",
            "shorteners: shopee.sg is dead, for it is merchant Shopee SG",
            "redirectors: %s %s %s stands twice, and the first line counts"
                .formatted(twice.host(), twice.pathPrefix(), twice.parameter()),
            "known_redirects: https:// is dead, for it is no link",
            "known_redirects: https://go.example/x is dead, for its target is no link",
            "query_parameters: ref is dead, for there is no merchant group Nobody");
  }

  @Test
  void redirectorsThatAnotherLineCoversOrThatAShortenerOutdoesAreNamed() {
    assertThat(
            CatalogueFindings.of(
                Catalogues.reference(
                    List.of(),
                    List.of(
                        redirector("net.example", "/", "u", "Net", "affiliate_network"),
                        redirector("go.net.example", "/c/", "U", "Net", "affiliate_network"),
                        redirector("go.net.example", "/c/", "to", "Net", "affiliate_network"),
                        redirector("ads.net.example", "/", "u", "Other", "affiliate_network"),
                        redirector("notnet.example", "/", "u", "Net", "affiliate_network"),
                        redirector("s.example", "/out", "u", "S", "social"),
                        redirector("s.example", "/outlet", "u", "S", "social"),
                        redirector("s.example", "/out/v2", "u", "S", "social"),
                        redirector("t.example", "/", "u", "T", "shortener")),
                    List.of(
                        new Reference.Shortener("s.example", "shortener"),
                        new Reference.Shortener("t.example", "shortener")),
                    Map.of(),
                    List.of())))
        .containsExactly(
            "redirectors: go.net.example /c/ U is covered by net.example / u",
            "redirectors: kind social of s.example never counts, for shorteners have s.example as"
                + " shortener",
            "redirectors: s.example /out/v2 u is covered by s.example /out u");
  }

  private static Reference.Redirector redirector(
      String host, String path, String parameter, String network, String kind) {
    return new Reference.Redirector(host, path, parameter, network, kind);
  }

  @Test
  void aCustomLineTakesPrecedenceWhereverItStands() {
    Reference reference = with(List.of(merchant("Mine", "shopee.sg", "custom")));

    assertThat(LinkResolver.of(reference).resolve("https://shopee.sg/").merchantGroup())
        .contains("Mine");
    assertThat(CatalogueFindings.of(reference))
        .containsExactly("merchants: shopee.sg of Shopee SG is dead, for Mine has it already");
  }
}
