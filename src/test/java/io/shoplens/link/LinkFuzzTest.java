package io.shoplens.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.shoplens.config.Reference;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links as nobody writes them. The seed of a case that fails is in its message. */
class LinkFuzzTest {
  private static final int IN_VERIFY = 50_000;
  private static final int AT_LENGTH = 10_000_000;

  private static final List<String> SEEDS =
      List.of(
          "https://www.amazon.com/Some-Thing/dp/B08N5WRWNW/ref=sr_1_3?tag=x-20&email=a@b.example",
          "https://shopee.co.id/Slug-Name-i.12345.67890?sp_atk=1#top",
          "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.lazada.sg%2Fproducts%2Fx-i12-s4.html",
          "https://www.anrdoezrs.net/links/12/type/dlg/sid/a/https://www.target.com/p/x/-/A-1234",
          "https://clk.tradedoubler.com/click?p(1)a(2)url(https://www.zalando.se/x-ab123c00d-q11)",
          "https://www.awin1.com/cread.php?ued=https%253A%252F%252Fwww.etsy.com%252Flisting%252F1",
          "https://www.bing.com/ck/a?u=a1aHR0cHM6Ly93d3cuYW1hem9uLmNvbS9kcC9CMDhONVdSV05X",
          "intent://shopee.co.id/product/1/2#Intent;scheme=https;package=com.shopee.id;"
              + "S.browser_fallback_url=https%3A%2F%2Fshopee.sg;end",
          "android-app://com.shopee.sg/https/shopee.sg/product/1/2",
          "amzn://apps/android?asin=B08N5WRWNW",
          "//www.ebay.co.uk/itm/Slug/123456789012",
          "https://bücher.example:8080/ä?q=été|{clickid}",
          "https://user:pass@www.amazon.com@evil.example\\x/dp/B08N5WRWNW",
          "http://0x7f.1/%%%",
          "http://[::1]:80/",
          "https://go.example/deal-1",
          "amazon.com/dp/x");

  private static final List<String> PIECES =
      List.of(
          "https://",
          "http:",
          "//",
          "/",
          "\\",
          "?",
          "#",
          "@",
          ":",
          "%",
          "%2F",
          "%253A",
          "%00",
          "\u0000",
          "\t",
          "\n",
          " ",
          "\u00A0",
          "\uD83D",
          "\uDE00",
          "xn--",
          "..",
          ".",
          "-",
          "=",
          "&",
          "amp;",
          "(",
          ")",
          "[",
          "]",
          "[[",
          "]]",
          "amazon.com",
          ".amazon.com",
          "shopee.sg",
          "co.uk",
          "u=",
          "url=",
          "aHR0cHM6Ly8=",
          "Intent;",
          ";scheme=https;",
          "package=com.shopee.id;",
          "é",
          "\u0430",
          "．",
          "999999999999999999999",
          "-i.",
          "/dp/",
          "javascript:",
          "|",
          "{x}");

  private final LinkResolver resolver = LinkResolver.of(Catalogues.shipped());
  private final Set<String> domains = new HashSet<>();
  private final Set<String> apps = new HashSet<>();

  LinkFuzzTest() {
    for (Reference.Merchant line : Catalogues.shipped().merchants()) {
      if (line.domain().endsWith(":")) {
        apps.add(line.domain());
      } else {
        domains.add(RegistrableDomains.of(line.domain()));
      }
    }
  }

  @Test
  void noMutatedLinkBreaksTheResolverOrClaimsAMerchantThatIsNotItsHosts() {
    fuzz(IN_VERIFY);
  }

  @Test
  @Tag("long")
  void noneOfTenMillionMutatedLinksDoes() {
    fuzz(AT_LENGTH);
  }

  private void fuzz(int count) {
    for (long seed = 0; seed < count; seed++) {
      String link = mutated(new Random(seed));
      try {
        check(link, resolver.resolve(link));
        check(link, resolver.origin(link));
      } catch (RuntimeException | StackOverflowError broken) {
        fail("seed " + seed + ": " + link, broken);
      }
    }
  }

  private static String mutated(Random random) {
    StringBuilder link = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
    for (int left = 1 + random.nextInt(6); left > 0; left--) {
      int at = random.nextInt(link.length() + 1);
      switch (random.nextInt(5)) {
        case 0 -> link.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 1 -> link.delete(at, Math.min(link.length(), at + 1 + random.nextInt(8)));
        case 2 -> link.insert(at, (char) random.nextInt(random.nextBoolean() ? 128 : 65_536));
        case 3 -> link.insert(at, SEEDS.get(random.nextInt(SEEDS.size())));
        default -> link.insert(at, link.substring(at, Math.min(link.length(), at + 20)));
      }
    }
    return link.toString();
  }

  private void check(String link, ResolvedLink resolved) {
    boolean isUnparsable = resolved.certainty() == Certainty.UNPARSABLE;
    boolean isAddressed = resolved.finalUrl().isPresent();
    boolean isClaimed = resolved.merchantGroup().isPresent();
    String reached = resolved.finalUrl().orElse("");
    boolean isItsHosts =
        resolved.registrableDomain().map(domains::contains).orElseGet(() -> isApp(reached));
    if (isUnparsable == isAddressed
        || isClaimed && !isItsHosts
        || resolved.isCompetitor() && !isClaimed
        || reached.contains("#")) {
      throw new IllegalStateException(link + " became " + resolved);
    }
  }

  /** Whether an app of the catalogue opens it; Android's own forms name the app elsewhere. */
  private boolean isApp(String link) {
    String scheme = link.substring(0, link.indexOf(':') + 1);
    return apps.contains(scheme) || scheme.equals("intent:") || scheme.equals("android-app:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%",
        "%25",
        "%2525",
        "/",
        "//",
        "?",
        "&",
        "&amp;",
        "=",
        "a.",
        ".",
        "@",
        "(",
        "url(",
        "-i.",
        "-p-",
        "/dp/",
        "aHR0",
        "[",
        "é",
        "xn--",
        ";",
        "u=",
        "https://",
        "\\",
        "{x}",
        "1",
        "/1",
        "-g-",
        "amp;",
        "/http"
      })
  void timeIsLinearInLength(String piece) {
    for (String head :
        List.of(
            "https://www.amazon.com/",
            "https://shopee.sg/",
            "https://l.facebook.com/l.php?u=",
            "https://clk.tradedoubler.com/click?url(",
            "intent://x#Intent;",
            "https://")) {
      long shortest = nanosOf(head + piece.repeat(1_250 / piece.length()));
      long longest = nanosOf(head + piece.repeat(10_000 / piece.length()));

      // Eight times the length; what is quadratic takes 64 times as long.
      assertThat(longest).as(head + piece).isLessThan(24 * shortest + 3_000_000);
    }
  }

  /** The least CPU time of several tries. */
  private long nanosOf(String link) {
    ThreadMXBean thread = ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long start = thread.getCurrentThreadCpuTime();
      resolver.resolve(link);
      least = Math.min(least, thread.getCurrentThreadCpuTime() - start);
    }
    return least;
  }
}
