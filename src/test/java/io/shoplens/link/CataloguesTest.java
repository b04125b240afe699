package io.shoplens.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.config.Reference;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CataloguesTest {
  private static final Reference SHIPPED = Catalogues.shipped();
  private static final LinkResolver RESOLVER = LinkResolver.of(SHIPPED);

  @Test
  void everyMerchantsLineDecidesForItsOwnDomain() {
    assertThat(SHIPPED.merchants())
        .allSatisfy(
            line -> {
              String url =
                  line.domain().endsWith(":")
                      ? line.domain() + "//open"
                      : "https://" + line.domain() + "/";
              ResolvedLink link = RESOLVER.resolve(url);
              assertThat(link.merchant()).as(url).contains(line.merchant());
              assertThat(link.merchantGroup()).as(url).contains(line.merchantGroup());
              assertThat(link.parentGroup()).as(url).isEqualTo(line.parentGroup());
              assertThat(link.linkKind()).as(url).isEqualTo(line.linkKind());
              assertThat(link.isCompetitor()).as(url).isEqualTo(line.isCompetitor());
            });
  }

  @Test
  void groupsAreConsistentAndManyEnough() {
    assertThat(
            SHIPPED.merchants().stream()
                .collect(
                    Collectors.groupingBy(
                        Reference.Merchant::merchantGroup,
                        Collectors.mapping(
                            line -> line.parentGroup() + line.linkKind() + line.isCompetitor(),
                            Collectors.toSet()))))
        .hasSizeGreaterThan(150)
        .allSatisfy((group, marks) -> assertThat(marks).as(group).hasSize(1));
    assertThat(SHIPPED.merchants())
        .allSatisfy(
            line ->
                assertThat(line.isCompetitor())
                    .as(line.merchantGroup())
                    .isEqualTo(line.linkKind().equals("marketplace")));
  }

  @Test
  void everyLineNamesItsSourceAndAKnownKind() {
    assertThat(SHIPPED.merchants()).allSatisfy(line -> assertThat(line.source()).isNotBlank());
    assertThat(SHIPPED.merchants())
        .extracting(Reference.Merchant::linkKind)
        .containsOnly("marketplace", "shop", "social");
    assertThat(SHIPPED.shorteners())
        .extracting(Reference.Shortener::linkKind)
        .containsOnly("shortener", "link_hub");
    assertThat(SHIPPED.redirectors())
        .extracting(Reference.Redirector::linkKind)
        .containsOnly("affiliate_network", "social", "shortener", "other");
  }

  @Test
  void noHostStandsTwice() {
    List<String> hosts =
        java.util.stream.Stream.concat(
                SHIPPED.merchants().stream().map(Reference.Merchant::domain),
                SHIPPED.shorteners().stream().map(Reference.Shortener::host))
            .toList();
    assertThat(hosts).doesNotHaveDuplicates();
    assertThat(hosts).allSatisfy(host -> assertThat(host).isEqualTo(host.toLowerCase(Locale.ROOT)));
    assertThat(SHIPPED.redirectors()).doesNotHaveDuplicates();
  }

  @Test
  void everyShortenerIsOpaque() {
    assertThat(SHIPPED.shorteners())
        .allSatisfy(
            line ->
                assertThat(RESOLVER.resolve("https://" + line.host() + "/abc"))
                    .as(line.host())
                    .extracting(ResolvedLink::certainty, ResolvedLink::linkKind)
                    .containsExactly(Certainty.OPAQUE, line.linkKind()));
  }

  @Test
  void everyRedirectorsLineOpensALinkOfItsForm() {
    String target = "https://www.etsy.com/listing/1/mug";
    assertThat(SHIPPED.redirectors())
        .allSatisfy(
            line -> {
              ResolvedLink link = RESOLVER.resolve(example(line, target));
              assertThat(link.merchantGroup()).as(line.toString()).contains("Etsy");
              assertThat(link.certainty()).as(line.toString()).isEqualTo(Certainty.DECODED);
            });
  }

  private static String example(Reference.Redirector line, String target) {
    String scheme = line.host().endsWith(":") ? line.host() + "//open" : "https://" + line.host();
    String parameter = line.parameter();
    String path = line.host().endsWith(":") ? "/" : line.pathPrefix();
    if (parameter.startsWith("/")) {
      return scheme + path + parameter.substring(path.endsWith("/") ? 1 : 0) + target;
    }
    String query =
        parameter.equals("?")
            ? target
            : parameter.endsWith("(")
                ? "a(1)" + parameter + target + ")b(2)"
                : "x=1&" + parameter + "=" + target;
    return scheme + path + "?" + query;
  }

  @Test
  void everyKnownRedirectLeadsToWhereItSays() {
    assertThat(SHIPPED.knownRedirects())
        .isNotEmpty()
        .allSatisfy(
            (url, target) ->
                assertThat(RESOLVER.resolve(url).certainty()).as(url).isEqualTo(Certainty.KNOWN));
  }

  @Test
  void parametersOfPeopleAreNotStoredAndThoseOfPartnersAndClicksAreKeptApart() {
    Map<String, String> roles =
        SHIPPED.queryParameters().stream()
            .collect(
                Collectors.toMap(
                    Reference.QueryParameter::parameter,
                    line -> line.role() + " " + line.stored(),
                    (one, other) -> other));
    assertThat(roles.keySet()).doesNotContain("email", "user", "token", "q");
    assertThat(roles)
        .contains(
            Map.entry("tag", "affiliate value"),
            Map.entry("utm_source", "tracking value"),
            Map.entry("irclickid", "affiliate name"));
    assertThat(List.of("fbclid", "gclid", "ttclid", "msclkid", "clickid", "cjevent", "awc"))
        .allSatisfy(name -> assertThat(roles.get(name)).endsWith(" name"));
  }

  @Test
  void everyParametersNetworkIsNamedAsItsRedirectorsAre() {
    Set<String> networks =
        SHIPPED.redirectors().stream()
            .map(Reference.Redirector::network)
            .collect(Collectors.toSet());
    assertThat(SHIPPED.queryParameters())
        .allSatisfy(line -> line.network().ifPresent(name -> assertThat(networks).contains(name)));
  }
}
