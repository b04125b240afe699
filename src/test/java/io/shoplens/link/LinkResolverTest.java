package io.shoplens.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkResolverTest {
  private static final LinkResolver RESOLVER = LinkResolver.of(Catalogues.shipped());

  private static String verdict(ResolvedLink link) {
    return link.certainty().text() + " " + link.linkKind() + " " + link.merchantGroup().orElse("-");
  }

  private static String verdict(String url) {
    return verdict(RESOLVER.resolve(url));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          https://www.amazon.com/dp/B08N5WRWNW             | Amazon     | Amazon  | amazon.com
          https://smile.amazon.co.uk/gp/product/B08N5WRWNW | Amazon     | Amazon  | amazon.co.uk
          https://amzn.to/3abcDEF                          | Amazon     | Amazon  | amzn.to
          https://a.co/d/1abcdef                           | Amazon     | Amazon  | a.co
          https://shopee.sg/product/1/2                    | Shopee     | Sea     | shopee.sg
          https://shope.ee/4pXyz                           | Shopee     | Sea     | shope.ee
          https://s.shopee.co.id/4pXyz                     | Shopee     | Sea     | shopee.co.id
          https://www.lazada.com.my/products/x-i1.html     | Lazada     | Alibaba | lazada.com.my
          https://s.lazada.sg/s.abc                        | Lazada     | Alibaba | lazada.sg
          https://vi.aliexpress.com/item/1005001.html      | AliExpress | Alibaba | aliexpress.com
          https://s.click.aliexpress.com/e/_DkABC          | AliExpress | Alibaba | aliexpress.com
          https://item.taobao.com/item.htm?id=1            | Taobao     | Alibaba | taobao.com
          https://www.ebay.co.uk/itm/123456789012          | eBay       | eBay    | ebay.co.uk
          https://tokopedia.link/abc                       | Tokopedia  | GoTo    | tokopedia.link
          """)
  void aLinkToAMerchantIsItsGroupsWhateverTheCountry(
      String url, String group, String parent, String domain) {
    ResolvedLink link = RESOLVER.resolve(url);
    assertThat(
            List.of(
                link.certainty(),
                link.merchantGroup().orElse("-"),
                link.parentGroup().orElse("-"),
                link.registrableDomain().orElse("-"),
                link.isCompetitor()))
        .containsExactly(Certainty.DIRECT, group, parent, domain, true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://amazon.ece.utexas.edu/~cs/",
        "https://amazon.com.evil.example/dp/B08N5WRWNW",
        "https://www-amazon.com/dp/B08N5WRWNW",
        "https://amazon.com@evil.example/dp/B08N5WRWNW",
        "https://amazon.com%2Fdp@evil.example/",
        "https://evil.example/amazon.com/dp/B08N5WRWNW",
        "https://evil.example/?u=https://www.amazon.com/dp/B08N5WRWNW",
        "https://evil.example#@amazon.com/",
        "https://evil.example\\@amazon.com/",
        "https://notshopee.sg/product/1/2",
        "https://shopee.sg.github.io/",
        "https://amazon.co/",
        "https://xn--amazn-mye.com/",
        "https://\u0430mazon.com/",
        "https://amazon.com.s3.amazonaws.com/index.html",
      })
  void aHostThatOnlyLooksLikeAMerchantIsNone(String url) {
    assertThat(verdict(url)).isEqualTo("direct other -");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "  https://www.amazon.com/dp/B08N5WRWNW \n",
        "HTTPS://WWW.AMAZON.COM/dp/B08N5WRWNW",
        "http:\\\\www.amazon.com\\dp\\B08N5WRWNW",
        "//www.amazon.com/dp/B08N5WRWNW",
        "www.amazon.com/dp/B08N5WRWNW",
        "amazon.com:443/dp/B08N5WRWNW",
        "https:/www.amazon.com/dp/B08N5WRWNW",
        "https://www.amazon.com./dp/B08N5WRWNW",
        "https://www.amazon.com:8443/dp/B08N5WRWNW",
        "https://me:secret@www.amazon.com/dp/B08N5WRWNW",
        "https://www.amaz\ton.com/dp/\r\nB08N5WRWNW",
        "https://www.%61mazon.com/dp/B08N5WRWNW",
        "https://www.\uFF41mazon.com/dp/B08N5WRWNW",
        "https://www.amazon\u3002com/dp/B08N5WRWNW",
        "https://www.amazon.com/dp/B08N5WRWNW?q={clickid}&s=50%off|new&x=a b",
        "https://www.amazon.com/50%off|{macro}/dp/B08N5WRWNW/ref=a b?x=%zz#top",
        "https://www.amazon.com/a/../dp/./B08N5WRWNW",
        "amzn://www.amazon.com/dp/B08N5WRWNW",
        "com.amazon.mobile.shopping.web://www.amazon.com/dp/B08N5WRWNW/",
        "intent://www.amazon.com/dp/B08N5WRWNW#Intent;scheme=https;package=com.amazon.mShop;end",
        "android-app://com.amazon.mShop.android.shopping/https/www.amazon.com/dp/B08N5WRWNW",
      })
  void linksAsFoundInTheWildAreReadAsBrowsersReadThem(String url) {
    ResolvedLink link = RESOLVER.resolve(url);
    assertThat(verdict(link) + " " + link.productKey().orElse("-"))
        .isEqualTo("direct marketplace Amazon amazon:B08N5WRWNW");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "not a link",
        "http://",
        "https:///",
        "https://exa mple.com/",
        "/dp/B08N5WRWNW",
        "?u=1",
        "https://[::1",
        "http://u:p@/www.amazon.com",
        "http://a..b/",
        "https://%00.com/",
        "https://a|b.com/",
        "report.docx",
        "http://1.2.3.4.5/"
      })
  void whatIsNoLinkIsUnparsable(String url) {
    ResolvedLink link = RESOLVER.resolve(url);
    assertThat(verdict(link)).isEqualTo("unparsable unparsable -");
    assertThat(link.finalUrl()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          shopeesg://home?navRoute=abc                                             | direct  | marketplace | Shopee
          shopeeid://                                                              | direct  | marketplace | Shopee
          aliexpress://goto?url=https%3A%2F%2Fwww.aliexpress.com%2Fitem%2F1.html   | decoded | marketplace | AliExpress
          intent://item?id=1#Intent;scheme=shopeesg;package=com.shopee.sg;end      | direct  | marketplace | Shopee
          intent://x#Intent;scheme=deal;S.browser_fallback_url=https%3A%2F%2Fshopee.sg%2F;end | decoded | marketplace | Shopee
          intent://x#Intent;package=com.shopee.sg;end                              | direct  | marketplace | Shopee
          android-app://com.shopee.my/                                             | direct  | marketplace | Shopee
          unheardof://open/page                                                    | opaque  | other       | -
          mailto:someone@mail.example                                              | direct  | other       | -
          tel:+15551234567                                                         | direct  | other       | -
          javascript:void(0)                                                       | direct  | other       | -
          """)
  void appLinksBelongToWhoseSchemeTheyAre(String url, String certainty, String kind, String group) {
    assertThat(verdict(url)).isEqualTo(certainty + " " + kind + " " + group);
  }

  @Test
  void anAppLinkNamesNoDomainButItsMerchants() {
    assertThat(RESOLVER.resolve("amzn://evil.example/dp/B08N5WRWNW").registrableDomain()).isEmpty();
    assertThat(RESOLVER.resolve("amzn://www.amazon.de/dp/B08N5WRWNW").registrableDomain())
        .contains("amazon.de");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          https://www.awin1.com/cread.php?awinmid=1&awinaffid=2&ued=TARGET         | Awin
          https://click.linksynergy.com/deeplink?id=a&mid=1&murl=TARGET            | Rakuten LinkSynergy
          https://www.anrdoezrs.net/links/123/type/dlg/sid/x/TARGET                | -
          https://www.anrdoezrs.net/links/123/type/dlg/TARGET                      | CJ
          https://www.dpbolvw.net/click-123-456?url=TARGET                         | CJ
          https://www.qksrv.net/links/123/type/am/TARGET                           | CJ
          https://www.tkqlhce.com/links/123/type/am/sid/x/TARGET                   | -
          https://shareasale.com/r.cfm?b=1&u=2&m=3&urllink=TARGET                  | ShareASale
          https://merchant.sjv.io/c/1/2/3?u=TARGET                                 | Impact
          https://goto.walmart.com/c/1/2/3?u=TARGET                                | Impact
          https://adidas.njih.net/c/193465/264102/4270?subId1=a&u=TARGET           | Impact
          https://prf.hn/click/camref:1100l/pubref:x/destination:TARGET            | Partnerize
          https://go.skimresources.com/?id=1X2&url=TARGET                          | Skimlinks
          https://redirect.viglink.com/?key=1&u=TARGET                             | Sovrn
          https://api.viglink.com/api/click?format=go&key=1&loc=http%3A%2F%2Fforum.example%2F&out=TARGET | Sovrn
          https://ad.admitad.com/g/abc/?ulp=TARGET                                 | Admitad
          https://track.webgains.com/click.html?wgcampaignid=1&wgtarget=TARGET     | Webgains
          https://clk.tradedoubler.com/click?p=1&a=2&url=TARGET                    | TradeDoubler
          https://pdt.tradedoubler.com/click?a(1)p(2)ttid(3)url(TARGET)g(4)        | TradeDoubler
          https://track.flexlinkspro.com/a.ashx?foid=1&url=TARGET                  | FlexOffers
          https://invol.co/aff_m?offer_id=1&aff_id=2&url=TARGET                    | Involve Asia
          https://click.accesstrade.co.id/adv.php?rk=1&url=TARGET                  | AccessTrade
          https://go.isclix.com/deep_link/v6/690/475?sub4=a&url_enc=TARGET         | AccessTrade
          https://go.isclix.com/deep_link/4659213201682656309?url=TARGET           | AccessTrade
          https://fast.accesstrade.com.vn/deep_link/690?url_enc=TARGET             | AccessTrade
          https://rover.ebay.com/rover/1/711-53200-19255-0/1?mpre=TARGET           | eBay Partner Network
          https://s.click.aliexpress.com/deep_link.htm?aff_short_key=1&dl_target_url=TARGET | AliExpress Portals
          https://s.shopee.sg/an_redir?affiliate_id=1&origin_link=TARGET           | Shopee Affiliate
          https://www.tiktok.com/link/v2?aid=1&lang=en&scene=bio_url&target=TARGET | -
          https://l.facebook.com/l.php?h=AT0&u=TARGET                              | -
          https://l.instagram.com/?e=AT0&u=TARGET                                  | -
          https://www.youtube.com/redirect?event=video&q=TARGET                    | -
          https://www.google.com/url?sa=t&url=TARGET                               | -
          https://www.google.co.id/url?q=TARGET&sa=D                               | -
          https://www.google.co.nz/url?q=TARGET&sa=D                               | -
          https://www.google.com.ua/url?sa=t&url=TARGET                            | -
          https://www.pinterest.com/offsite/?token=1&url=TARGET                    | -
          https://www.pinterest.es/offsite/?token=1&url=TARGET                     | -
          https://out.reddit.com/t3_abc?url=TARGET&token=1                         | -
          https://www.linkedin.com/redir/redirect?url=TARGET                       | -
          https://vk.com/away.php?to=TARGET                                        | -
          https://weixin110.qq.com/cgi-bin/x?target=TARGET                         | -
          https://mp.weixinbridge.com/mp/wapredirect?url=TARGET&action=appmsg_redirect | -
          https://r.search.yahoo.com/_ylt=1/RU=TARGET/RK=2                         | -
          https://href.li/?TARGET                                                  | -
          https://mystore.app.link/abc?$fallback_url=TARGET                        | -
          https://eur01.safelinks.protection.outlook.com/?url=TARGET&data=x        | -
          """)
  void aWrappersTargetIsDecodedHoweverOftenItIsEncoded(String wrapper, String network) {
    String target = "https://www.lazada.sg/products/pdp-i123-s456.html?a=1";
    String once = URLEncoder.encode(target, StandardCharsets.UTF_8);
    String twice = URLEncoder.encode(once, StandardCharsets.UTF_8);
    String base64 =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(target.getBytes(StandardCharsets.UTF_8));
    List<String> found = new ArrayList<>();
    for (String form : List.of(target, once, twice, base64)) {
      ResolvedLink link = RESOLVER.resolve(wrapper.replace("TARGET", form));
      found.add(
          verdict(link)
              + " "
              + link.productKey().orElse("-")
              + " "
              + link.affiliateNetwork().orElse("-"));
    }
    String expected =
        "decoded marketplace Lazada lazada:123 " + (wrapper.contains("/sid/") ? "CJ" : network);
    if (wrapper.contains("/sid/") || wrapper.contains("/RK=")) {
      // What follows or precedes the target in a path can't be told from base64.
      found = found.subList(0, 3);
    }
    assertThat(found).containsOnly(expected);
  }

  @Test
  void bingsTargetIsBase64BehindTwoCharacters() {
    assertThat(
            verdict(
                "https://www.bing.com/ck/a?!&&u=a1aHR0cHM6Ly93d3cudGVtdS5jb20vZy02MDEuaHRtbA&ntb=1"))
        .isEqualTo("decoded marketplace Temu");
  }

  @Test
  void wrappersAreLookedThroughFiveDeepAndNoDeeper() {
    String link = "https://www.etsy.com/listing/123456/mug";
    List<String> verdicts = new ArrayList<>();
    for (int depth = 0; depth <= 6; depth++) {
      verdicts.add(verdict(link));
      link = "https://l.facebook.com/l.php?u=" + URLEncoder.encode(link, StandardCharsets.UTF_8);
    }
    assertThat(verdicts)
        .containsExactly(
            "direct marketplace Etsy",
            "decoded marketplace Etsy",
            "decoded marketplace Etsy",
            "decoded marketplace Etsy",
            "decoded marketplace Etsy",
            "decoded marketplace Etsy",
            "opaque other -");
  }

  @Test
  void theStepsTellEveryRuleThatApplied() {
    assertThat(
            RESOLVER
                .resolve(
                    "https://www.tiktok.com/link/v2?target=https%3A%2F%2Fwww.awin1.com%2Fcread.php"
                        + "%3Fued%3Dhttps%253A%252F%252Fwww.etsy.com%252Flisting%252F1%252Fmug")
                .steps())
        .extracting(ResolvedLink.Step::rule, ResolvedLink.Step::outcome)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "redirector tiktok.com /link target", "https://www.awin1.com/cread.php"),
            org.assertj.core.groups.Tuple.tuple(
                "redirector awin1.com / ued", "https://www.etsy.com/listing/1/mug"),
            org.assertj.core.groups.Tuple.tuple("merchant etsy.com", "Etsy"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          https://bit.ly/3abc                                          | opaque  | shortener         | -
          https://linktr.ee/creator                                    | opaque  | link_hub          | -
          https://l.facebook.com/l.php?u=https%3A%2F%2Fbit.ly%2F3abc   | opaque  | shortener         | -
          https://www.awin1.com/cread.php?awinmid=1&awinaffid=2        | opaque  | affiliate_network | -
          https://www.awin1.com/cread.php?ued=                         | opaque  | affiliate_network | -
          https://www.awin1.com/cread.php?ued=!!!                      | opaque  | affiliate_network | -
          https://l.facebook.com/l.php?h=1                             | opaque  | social            | -
          https://www.facebook.com/somebody                            | direct  | social            | Facebook
          https://rover.ebay.com/rover/1/711/1                         | direct  | marketplace       | eBay
          https://go.example/deal-1                                    | known   | marketplace       | Amazon
          http://www.go.example/deal-1/?utm_source=x                   | known   | marketplace       | Amazon
          https://l.instagram.com/?u=https%3A%2F%2Fgo.example%2Fdeal-2 | known   | marketplace       | Shopee
          https://go.example/deal-10                                   | direct  | other             | -
          https://shop.example/item/1                                  | direct  | own               | -
          https://m.shop.example/item/1                                | direct  | own               | -
          https://l.facebook.com/l.php?u=https%3A%2F%2Fapp.example%2F  | decoded | own               | -
          https://notshop.example/                                     | direct  | other             | -
          https://www.nike.com/t/shoe                                  | direct  | shop              | Nike
          https://creator.myshopify.com/products/mug                   | direct  | other             | -
          https://myshopify.com/                                       | direct  | other             | -
          http://127.0.0.1:8080/                                       | direct  | other             | -
          """)
  void certaintyAndKindTellHowFarALinkCouldBeFollowed(
      String url, String certainty, String kind, String group) {
    assertThat(verdict(url)).isEqualTo(certainty + " " + kind + " " + group);
  }

  @Test
  void aReferrerIsTheWrapperItself() {
    ResolvedLink link =
        RESOLVER.origin("https://www.google.com/url?q=https%3A%2F%2Fshop.example%2F");
    assertThat(link.registrableDomain()).contains("google.com");
    assertThat(verdict(RESOLVER.origin("https://l.instagram.com/?u=x")))
        .isEqualTo("direct social Instagram");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          https://www.amazon.com/Some-Thing/dp/b08n5wrwnw/ref=sr_1_1       | amazon:B08N5WRWNW
          https://www.amazon.com/gp/product/glance/0306406152              | amazon:0306406152
          https://www.amazon.de/gp/aw/d/B08N5WRWNW?th=1                    | amazon:B08N5WRWNW
          https://www.amazon.com/exec/obidos/tg/detail/-/B08N5WRWNW/x      | amazon:B08N5WRWNW
          https://www.amazon.com/exec/obidos/ASIN/B08N5WRWNW               | amazon:B08N5WRWNW
          https://www.amazon.com/o/ASIN/080442957X                         | amazon:080442957X
          https://www.amazon.com/product-reviews/B08N5WRWNW                | amazon:B08N5WRWNW
          https://www.amazon.com/gp/cart/add.html?ASIN=B08N5WRWNW          | amazon:B08N5WRWNW
          http://amzn.com/B00BEYYEJ4                                       | amazon:B00BEYYEJ4
          https://www.amzn.com/b00beyyej4/                                 | amazon:B00BEYYEJ4
          https://amzn.com/x/B00BEYYEJ4                                    | -
          https://amzn.com/bestseller                                      | -
          https://www.amazon.com/exec/obidos/redirect?path=ASIN/0764596330&link_code=as2 | amazon:0764596330
          https://www.amazon.com/exec/obidos/redirect?tag=x-20&path=ASIN%2F0764596330    | amazon:0764596330
          https://www.amazon.com/exec/obidos/redirect?path=subst/home/home.html          | -
          https://www.amazon.com/s?k=B08N5WRWNW                            | -
          https://www.amazon.com/gp/bestsellers/electronics                | -
          https://www.amazon.com/stores/page/B08N5WRWNW                    | -
          https://shopee.sg/Some-Thing-i.10013.28710?sp_atk=1              | shopee:10013.28710
          https://shopee.co.id/product/10013/28710                         | shopee:10013.28710
          https://shopee.vn/opaanlp/10013/28710                            | shopee:10013.28710
          https://shopee.sg/flash_sale                                     | -
          https://www.lazada.sg/products/slug-i5-pro-i2345-s678.html       | lazada:2345
          https://www.lazada.co.id/products/pdp-i2345.html                 | lazada:2345
          https://www.lazada.co.id/products/i2345-s678.html                | lazada:2345
          https://www.lazada.com.my/-i399890357-s577515211.html            | lazada:399890357
          https://www.lazada.com.my/slug-i399890357.html?spm=a             | lazada:399890357
          https://www.lazada.com.my/shop-i5-phones.html                    | -
          https://www.lazada.sg/shop/x                                     | -
          https://www.aliexpress.com/item/1005001234.html?spm=a            | aliexpress:1005001234
          https://www.aliexpress.com/item/Slug-Name/1005001234.html        | aliexpress:1005001234
          https://www.aliexpress.us/i/1005001234.html                      | aliexpress:1005001234
          https://www.aliexpress.com/store/product/Slug/111_222.html       | aliexpress:222
          https://www.ebay.com/itm/Slug-Name/123456789012?hash=x           | ebay:123456789012
          https://www.ebay.de/itm/123456789012                             | ebay:123456789012
          https://www.ebay.com/p/2345                                      | ebay:2345
          https://www.ebay.com/i/112341068592                              | ebay:112341068592
          https://cgi.ebay.com/ws/eBayISAPI.dll?ViewItem&item=123456789012 | ebay:123456789012
          https://www.etsy.com/uk/listing/987654321/mug                    | etsy:987654321
          https://www.etsy.com/shop/SomeShop                               | -
          https://www.walmart.com/ip/Slug-Name/55512345                    | walmart:55512345
          https://www.walmart.com/ip/55512345                              | walmart:55512345
          https://www.walmart.ca/en/ip/slug/6000191280123                  | walmart:6000191280123
          https://www.walmart.com/cp/electronics/3944                      | -
          https://www.temu.com/goods.html?goods_id=601099512345            | temu:601099512345
          https://www.temu.com/some-mug-g-601099512345.html                | temu:601099512345
          https://us.shein.com/Some-Dress-p-12345678.html                  | shein:12345678
          https://us.shein.com/Some-Dress-p-12345678-cat-1727.html         | shein:12345678
          https://www.target.com/p/slug-name/-/A-54191097                  | target:54191097
          https://www.tokopedia.com/someshop/some-item?extParam=1          | tokopedia:someshop/some-item
          https://www.tokopedia.com/search?q=1                             | -
          https://articulo.mercadolibre.com.mx/MLM-123456-slug-_JM         | mercado libre:MLM123456
          https://www.mercadolivre.com.br/slug/p/MLB15412345               | mercado libre:MLB15412345
          https://item.rakuten.co.jp/someshop/abc-1/                       | rakuten:someshop/abc-1
          https://www.zalando.de/brand-thing-ab123c00d-q11.html            | zalando:AB123C00D-Q11
          https://allegro.pl/oferta/rzecz-ladna-12345678901                | allegro:12345678901
          https://allegro.cz/nabidka/x-11174154371                         | allegro:11174154371
          https://allegro.sk/ponuka/x-11174154371                          | allegro:11174154371
          https://allegro.hu/ajanlat/x-11174154371                         | allegro:11174154371
          https://www.flipkart.com/thing/p/itm1a2b3c?pid=MOBG6VF5Q82T3XRS  | flipkart:MOBG6VF5Q82T3XRS
          https://www.coupang.com/vp/products/12345?itemId=6               | coupang:12345
          https://www.qoo10.sg/item/SLUG/912345678                         | qoo10:912345678
          https://www.bukalapak.com/p/hp/case/4abc12-jual-case-bagus       | bukalapak:4ABC12
          https://www.blibli.com/p/thing/ps--ABC-12345-00001               | blibli:ABC-12345-00001
          https://tiki.vn/dien-thoai-pro-p123456.html?spid=7               | tiki:123456
          https://detail.tmall.com/item.htm?id=612345                      | tmall:612345
          https://item.jd.com/100012043978.html                            | jd.com:100012043978
          https://www.nike.com/t/shoe/B08N5WRWNW                           | -
          """)
  void aProductKeyIsReadFromEveryShapeOfProductLink(String url, String key) {
    assertThat(RESOLVER.resolve(url).productKey().orElse("-")).isEqualTo(key);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          https://u:p@www.ebay.com/itm/1?mkevt=1&item=5&email=a@b.co#frag | https://www.ebay.com/itm/1?item=5
          https://www.ebay.com:8443/x                                     | https://www.ebay.com:8443/x
          https://www.ebay.com/u/jane.doe@mail.example/list               | https://www.ebay.com/u/***/list
          https://www.ebay.com/u/jane%40mail.example                      | https://www.ebay.com/u/***
          https://www.ebay.com/u/jane%2540mail.example                    | https://www.ebay.com/u/***
          https://www.ebay.com/?id=jane@mail.example&ITEM=7               | https://www.ebay.com/?id=***&item=7
          https://www.tiktok.com/@jane.doe/video/1?amp;sku=2              | https://www.tiktok.com/@jane.doe/video/1?sku=2
          mailto:jane@mail.example                                        | mailto:
          tel:+15551234567                                                | tel:
          shopeesg://u:p@home/x?token=secret&id=5#y                       | shopeesg://home/x?id=5
          http://[::1]:81/x                                               | http://[::1]:81/x
          https://b\u00FCcher.example/a\u0020b                            | https://xn--bcher-kva.example/a%20b
          """)
  void whatIsStoredOfAUrlNamesNobody(String url, String stored) {
    assertThat(RESOLVER.resolve(url).finalUrl()).contains(stored);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          https://www.amazon.com/dp/B08N5WRWNW?tag=creator-21&ascsubtag=x     | Amazon Associates    | {}               | {ascsubtag=***, tag=creator-21}
          https://www.amazon.com/dp/B08N5WRWNW?ascsubtag=x                    | Amazon Associates    | {}               | {ascsubtag=***}
          https://www.nike.com/t/shoe?tag=red                                 | -                    | {}               | {}
          https://www.ebay.com/itm/1?mkevt=1&mkcid=1&campid=533&customid=me   | eBay Partner Network | {}               | {campid=533, customid=***, mkcid=1, mkevt=1}
          https://www.ebay.com/itm/1?mkevt=1&campid=                          | -                    | {}               | {mkevt=1}
          https://www.nike.com/t/shoe?irclickid=aB1&irgwc=1                   | Impact               | {}               | {irclickid=***, irgwc=1}
          https://www.nike.com/t/shoe?ranMID=1&ranEAID=k1&ranSiteID=k1-x      | Rakuten LinkSynergy  | {}               | {raneaid=k1, ranmid=1, ransiteid=***}
          https://www.nike.com/t/shoe?awc=1_2_3                               | Awin                 | {}               | {awc=***}
          https://www.nike.com/t/shoe?cjevent=1                               | CJ                   | {}               | {cjevent=***}
          https://www.nike.com/t/shoe?aff_id=9&clickid=1                      | -                    | {}               | {aff_id=9, clickid=***}
          https://x.example/?UTM_Source=bio&amp;utm_medium=a%20b&gclid=1&fbclid=2&q=3 | -            | {fbclid=***, gclid=***, utm_medium=a b, utm_source=bio} | {}
          https://x.example/?utm_source=jane%40mail.example                   | -                    | {utm_source=***} | {}
          https://x.example/?utm_source=a&utm_source=b                        | -                    | {utm_source=a}   | {}
          https://www.awin1.com/cread.php?awinmid=1&awinaffid=2&utm_source=a&ued=https%3A%2F%2Fwww.amazon.com%2Fdp%2FB08N5WRWNW%3Ftag%3Dx-20%26utm_source%3Db | Awin | {utm_source=b} | {awinaffid=2, awinmid=1, tag=x-20}
          """)
  void trackingAndAffiliateParametersAreKeptApart(
      String url, String network, String tracking, String affiliate) {
    ResolvedLink link = RESOLVER.resolve(url);
    assertThat(link.affiliateNetwork()).isEqualTo(Optional.ofNullable(network));
    assertThat(link.trackingParameters()).hasToString(tracking);
    assertThat(link.affiliateParameters()).hasToString(affiliate);
    assertThat(link.finalUrl().orElseThrow()).doesNotContain("?");
  }

  @Test
  void aValueKeptApartIsCut() {
    assertThat(
            RESOLVER
                .resolve("https://x.example/?utm_term=" + "\uD83D\uDC5F".repeat(150))
                .trackingParameters()
                .get("utm_term"))
        .isEqualTo("\uD83D\uDC5F".repeat(100));
  }

  @Test
  void aStoredUrlIsCutAndItsEscapesStayWhole() {
    String stored =
        RESOLVER.resolve("https://www.ebay.com/" + "\u00E9".repeat(3_000)).finalUrl().orElseThrow();
    assertThat(stored.length()).isBetween(2_045, 2_048);
    assertThat(
            stored
                .substring("https://www.ebay.com/".length())
                .replace("%C3", "")
                .replace("%A9", ""))
        .isEmpty();
  }

  @Test
  void overlongTextIsNoLink() {
    assertThat(verdict("https://www.ebay.com/" + "a".repeat(16_000)))
        .isEqualTo("direct marketplace eBay");
    assertThat(verdict("https://www.ebay.com/" + "a".repeat(17_000)))
        .isEqualTo("unparsable unparsable -");
  }

  @Test
  void mutatedLinksNeverThrowNorClaimAMerchantOfAnotherDomain() {
    List<String> seeds =
        List.of(
            "https://www.amazon.com/dp/B08N5WRWNW?tag=x-20",
            "https://l.facebook.com/l.php?u=https%3A%2F%2Fshopee.sg%2Fx-i.1.2&h=AT0",
            "intent://www.lazada.sg/products/x-i1.html#Intent;scheme=https;end",
            "https://www.anrdoezrs.net/links/1/type/dlg/https://www.etsy.com/listing/1/x",
            "amzn://www.amazon.com/dp/B08N5WRWNW");
    String alphabet = "abcz09./:?#%&=@\\|{}[]() \u00e9\u3002-_~$!*;,+'\"\t\u0000\ud800";
    List<String> domains = new ArrayList<>();
    Catalogues.shipped().merchants().forEach(line -> domains.add(line.domain()));
    Random random = new Random(20_260_302);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder url = new StringBuilder(seeds.get(i % seeds.size()));
      for (int edits = random.nextInt(6); edits >= 0; edits--) {
        int at = random.nextInt(url.length());
        char c = alphabet.charAt(random.nextInt(alphabet.length()));
        switch (random.nextInt(3)) {
          case 0 -> url.setCharAt(at, c);
          case 1 -> url.insert(at, c);
          default -> url.deleteCharAt(at);
        }
      }
      ResolvedLink link = RESOLVER.resolve(url.toString());
      if (link.merchant().isPresent() && link.registrableDomain().isPresent()) {
        String host = link.host().orElseThrow();
        assertThat(
                domains.stream()
                    .anyMatch(domain -> host.equals(domain) || host.endsWith("." + domain)))
            .as("%s claims %s", url, link)
            .isTrue();
      }
    }
  }
}
