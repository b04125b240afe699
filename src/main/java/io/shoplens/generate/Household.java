package io.shoplens.generate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * People who share a home and perhaps a device, or a robot, over the days of the logs. What they do
 * follows from the seed and their number alone.
 */
final class Household {
  private static final long MINUTE = 60_000L;
  private static final long HOUR = 3_600_000L;
  private static final String[] PHONES = {
    "iPhone17,1; iOS 18.3",
    "iPhone14,5; iOS 17.6.1",
    "Android 15; Pixel 9",
    "Android 14; SM-S921B",
    "Android 13; CPH2483",
    "Android 12; Redmi Note 11"
  };
  private static final String[] BROWSERS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
        + " Chrome/133.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
        + " Version/18.3 Safari/605.1.15"
  };
  private static final String[] CRAWLERS = {
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)"
  };
  private static final String[] QUERIES = {
    "lip tint",
    "wireless earbuds",
    "hadiah \"ulang tahun\"",
    "\u7f8e\u767d serum",
    "caf\u00e9 mug",
    "a\\b charger",
    "sepatu \ud83d\udc5f",
    "novel"
  };
  private static final String[] VERSIONS = {"34.2.1", "34.2.0", "34.1.3", "33.9.0", "31.0.4"};

  private final Catalogue catalogue;
  private final BlockLog log;
  private final long number;
  private final boolean first;
  private final Dice dice;
  private final long start;
  private final int days;
  private final long end;
  private final LocalDate startDate;
  private final long events;
  private final ClickEvent event;
  private final LeakTruth leaks = new LeakTruth();
  private final List<ClickFate> clicks = new ArrayList<>();
  private final Purchases purchases;
  private final MarketProfile home;
  private final long seed;
  private int counter;

  Household(
      GenerateSettings settings,
      Catalogue catalogue,
      Instants instants,
      BlockLog log,
      long number,
      boolean first) {
    this.catalogue = catalogue;
    this.log = log;
    this.number = number;
    this.first = first;
    dice = new Dice(settings.seed(), number);
    startDate = settings.start();
    start = startDate.toEpochDay() * Instants.DAY;
    days = settings.days();
    end = start + days * Instants.DAY - MINUTE;
    events = settings.events();
    home = market(settings);
    event = new ClickEvent(instants);
    seed = settings.seed();
    purchases = new Purchases(catalogue, instants, log, dice, seed, number, end, leaks);
  }

  private MarketProfile market(GenerateSettings settings) {
    String[] codes = settings.marketWeights().keySet().toArray(new String[0]);
    double[] weights =
        settings.marketWeights().values().stream().mapToDouble(Double::doubleValue).toArray();
    return MarketProfile.of(codes[dice.weighted(weights)]);
  }

  /** A device, and who is signed in on it. */
  private static final class Device {
    final String id;
    final String platform;
    final String userAgent;
    String version;

    Device(String id, Dice dice) {
      this.id = id;
      int kind = dice.weighted(70, 18, 12);
      String phone = dice.of(PHONES);
      version = dice.of(VERSIONS);
      platform = kind > 0 ? "web" : phone.startsWith("iPhone") ? "ios" : "android";
      userAgent = kind > 0 ? dice.of(BROWSERS) : "ShopApp/" + version + " (" + phone + ")";
    }
  }

  /** A purchase to come: of what, when, and why. */
  private record Plan(long dueAt, int product, Cause cause, ClickFate fate) {}

  /** One of the people. */
  private final class Member {
    final String user;
    final List<Device> devices = new ArrayList<>();
    final boolean isGuest;
    final String region;
    final double sessionsPerDay;
    final List<Plan> plans = new ArrayList<>();
    long left;

    Member(int index, Device shared) {
      user = Text.hexId('u', id(index, 1));
      int count = 1 + dice.weighted(70, 25, 5);
      for (int i = 0; i < count; i++) {
        devices.add(new Device(Text.hexId('d', id(index * 8 + i, 2)), dice));
      }
      if (shared != null) {
        devices.add(shared);
      }
      isGuest = shared == null && dice.chance(0.1);
      region = dice.of(home.regions);
      double heat = StrictMath.pow(1 - dice.unit(), -0.7);
      sessionsPerDay = Math.min(40, 0.25 * heat);
      left = Math.max(80, events / 40);
    }
  }

  private long id(int index, int salt) {
    return Dice.mix(Dice.mix(seed + salt) ^ (number << 8 | index));
  }

  /** Everything the household does. */
  void live() {
    if (first && events >= 20_000 && number == 0) {
      robot(650 + dice.below(100), HOUR, dice.below(days), false);
      return;
    }
    if (first && dice.chance(0.5) && events >= 200_000) {
      robot(1200 + dice.below(2000), HOUR, dice.below(days), false);
      return;
    }
    if (first && dice.chance(0.1) && events >= 1_000_000) {
      robot(5200 + dice.below(2000), Instants.DAY, dice.below(days), false);
      return;
    }
    if (dice.chance(0.006)) {
      robot(10 + (int) dice.exponential(60), Instants.DAY, dice.below(days), true);
      return;
    }
    int people = 1 + dice.weighted(86, 11, 3);
    Device shared = people > 1 ? new Device(Text.hexId('d', id(99, 3)), dice) : null;
    for (int i = 0; i < people && !log.isFull(); i++) {
      person(new Member(i, shared));
    }
    purchases.finish();
    leaks.settle();
    clicks.forEach(fate -> fate.tell(log.clickTruth()));
  }

  private void robot(int count, long span, int day, boolean isCrawler) {
    Device device = new Device(Text.hexId('d', id(0, 4)), dice);
    event.user = null;
    event.device = device.id;
    event.market = home;
    event.region = null;
    event.platform = "web";
    event.appVersion = null;
    event.userAgent = isCrawler ? dice.of(CRAWLERS) : BROWSERS[0];
    long from = start + day * Instants.DAY;
    from += span == HOUR ? dice.below(23) * HOUR + 5000 : 5000;
    long step = (span - 10_000 - (span == HOUR ? 0 : 5 * MINUTE)) / count;
    for (int i = 0; i < count && !log.isFull(); i++) {
      int creator = catalogue.creator(home, dice);
      int content = catalogue.content(creator, dice);
      int product = catalogue.shown(content);
      long at = from + i * step + dice.below(Math.max(1, (int) step / 2));
      switch (dice.weighted(50, 25, 15, 4)) {
        case 0:
          say(event.fresh("product_view", at), "shop_tab", product);
          break;
        case 1:
          showing(event.fresh("content_view", at), "feed", content, creator);
          say();
          break;
        case 2:
          say(event.fresh("product_click", at), "shop_tab", product);
          break;
        default:
          OutboundUrls.Link link =
              OutboundUrls.link(home, product, catalogue.slug(product), creator, dice);
          showing(event.fresh("outbound_click", at), "profile", content, creator);
          event.link = link.url();
          long click = say();
          new ClickFate(click, at, event, link, product, null)
              .become("robot")
              .tell(log.clickTruth());
      }
    }
  }

  private void person(Member member) {
    boolean[] signedIn = new boolean[member.devices.size()];
    for (int i = 0; i < signedIn.length; i++) {
      signedIn[i] = !member.isGuest && dice.chance(0.55);
    }
    long free = start;
    for (int day = 0; day < days && !log.isFull() && member.left > 0; day++) {
      long[] starts = starts(member, day);
      for (long at : starts) {
        if (at < free || at >= end || log.isFull() || member.left <= 0) {
          continue;
        }
        int device = dice.below(member.devices.size());
        long last = new Session(member, device, signedIn, at).live();
        free = last + pause();
      }
    }
  }

  /** Silence after a session; now and then just at the limit that parts sessions. */
  private long pause() {
    int kind = dice.weighted(90, 4, 6);
    return kind == 0
        ? 31 * MINUTE + dice.below(2 * HOUR)
        : kind == 1 ? 30 * MINUTE : 30 * MINUTE - 1;
  }

  private long[] starts(Member member, int day) {
    long utc = start + day * Instants.DAY;
    ZoneOffset offset = home.zone.getRules().getOffset(Instant.ofEpochMilli(utc + 12 * HOUR));
    int count = dice.poisson(member.sessionsPerDay);
    long[] starts = new long[count];
    for (int i = 0; i < count; i++) {
      double hour =
          switch (dice.weighted(10, 25, 25, 40)) {
            case 0 -> dice.unit() * 24;
            case 1 -> 7 + dice.unit() * 5;
            case 2 -> 12 + dice.unit() * 6;
            default -> 18 + dice.unit() * 5;
          };
      double local = hour * 3600;
      if (dice.chance(0.15)) {
        local = catalogue.liveStart(home, day) + dice.exponential(1200);
      }
      long second = Math.floorMod((long) local - offset.getTotalSeconds(), 86_400L);
      starts[i] = utc + second * 1000 + dice.below(1000);
    }
    Arrays.sort(starts);
    return starts;
  }

  private long say(ClickEvent what, String surface, int product) {
    what.surface = surface;
    what.product = catalogue.productId(product);
    what.category = catalogue.category(product);
    return say();
  }

  private void showing(ClickEvent what, String surface, int content, int creator) {
    what.surface = surface;
    what.content = catalogue.contentId(content);
    what.creator = catalogue.creatorId(creator);
  }

  /** Logs the event at hand and answers with its number. */
  private long say() {
    event.number = Dice.mix(Dice.mix(seed + 6) ^ (number << 20 | counter++));
    if (event.extra == null && dice.chance(0.01)) {
      event.extra =
          dice.chance(0.5)
              ? "\"experiment\":\"ranker-b\","
              : "\"network\":{\"kind\":\"wifi\",\"rtt\":" + dice.below(300) + "},";
    }
    log.event(event);
    leaks.said(event);
    return event.number;
  }

  /** One sitting of a member at a device. */
  private final class Session {
    private final Member member;
    private final int deviceIndex;
    private final boolean[] signedIn;
    private long at;
    private Cause entry;

    Session(Member member, int deviceIndex, boolean[] signedIn, long at) {
      this.member = member;
      this.deviceIndex = deviceIndex;
      this.signedIn = signedIn;
      this.at = at;
    }

    private boolean canGoOn() {
      return !log.isFull() && member.left > 0 && at < end;
    }

    private long say() {
      member.left--;
      return Household.this.say();
    }

    private long say(ClickEvent what, String surface, int product) {
      member.left--;
      return Household.this.say(what, surface, product);
    }

    private void signIn() {
      if (!member.isGuest && !signedIn[deviceIndex]) {
        signedIn[deviceIndex] = true;
        event.user = member.user;
      }
    }

    /** Plays the session and answers with the instant of its last event. */
    long live() {
      Device device = member.devices.get(deviceIndex);
      MarketProfile market = home;
      event.region = member.region;
      if (dice.chance(0.004)) {
        market = home == MarketProfile.GB ? MarketProfile.US : MarketProfile.GB;
        event.region = null;
      }
      event.market = market;
      event.device = signedIn[deviceIndex] && dice.chance(0.01) ? null : device.id;
      event.user = signedIn[deviceIndex] ? member.user : null;
      event.platform = device.platform;
      event.appVersion = device.platform.equals("web") ? null : device.version;
      event.userAgent = device.userAgent;
      open(device);
      act();
      if (signedIn[deviceIndex] && dice.chance(deviceIndex >= 1 ? 0.2 : 0.02)) {
        signedIn[deviceIndex] = false;
      }
      return at;
    }

    private void open(Device device) {
      if (device.platform.equals("web") ? dice.chance(0.75) : dice.chance(0.25)) {
        arrive();
      } else {
        event.fresh("app_open", at);
        say();
      }
    }

    private void arrive() {
      event.fresh("inbound_visit", at);
      String cause = "external_link";
      String channel = "referral";
      switch (dice.weighted(30, 22, 8, 18, 10, 6, 4, 2)) {
        case 0:
          cause = "direct";
          channel = "direct";
          break;
        case 1:
          event.referrer =
              dice.of(
                  "https://www.instagram.com/",
                  "https://l.facebook.com/",
                  "https://www.youtube.com/watch?v=a1",
                  "https://www.reddit.com/r/deals/",
                  "https://t.co/Xy12");
          channel = "social";
          break;
        case 2:
          event.referrer =
              "https://" + dice.of("shopee.sg", "www.amazon.com", "www.ebay.co.uk") + "/";
          channel = "marketplace";
          break;
        case 3:
          event.referrer =
              dice.of("https://www.google.com/", "https://www.bing.com/search?q=lip+tint");
          channel = "organic_search";
          break;
        case 4:
          event.referrer = dice.chance(0.7) ? "https://www.google.com/" : null;
          event.utmSource = dice.of("google", "Bing");
          event.utmMedium = "cpc";
          event.utmCampaign = "spring_sale_" + dice.below(4);
          channel = "paid_search";
          break;
        case 5:
          event.utmSource = dice.of("newsletter", "braze");
          event.utmMedium = "email";
          event.utmCampaign = "weekly-" + dice.below(9);
          channel = "email";
          break;
        case 6:
          event.utmSource = "awin";
          event.utmMedium = "affiliate";
          event.utmCampaign = "partner" + dice.below(50);
          channel = "affiliate";
          break;
        default:
          event.referrer = "https://" + dice.of("www.shop.example/help", "m.app.example/share/9");
          cause = "direct";
          channel = "direct";
      }
      long id = say();
      entry = new Cause(cause, channel, id, "inbound_visit", null, at);
    }

    private void act() {
      long fromTable = at;
      for (int i = 0; i < member.plans.size() && canGoOn(); i++) {
        Plan plan = member.plans.get(i);
        if (plan.dueAt() <= fromTable) {
          member.plans.remove(i--);
          pass(20);
          if (!canGoOn()) {
            return;
          }
          long id = say(event.fresh("product_click", at), "shop_tab", plan.product());
          Cause cause =
              plan.cause() != null
                  ? plan.cause()
                  : new Cause("in_app_shop", "shop_tab", id, "product_click", "shop_tab", at);
          buy(plan.product(), null, cause, plan.fate());
        }
      }
      int day = (int) ((at - start) / Instants.DAY);
      long secondOfDay = Math.floorMod(at / 1000, 86_400L);
      boolean isLive = isLive(day, secondOfDay) && dice.chance(0.7);
      String surface = isLive ? "live" : surface();
      int creator = isLive ? catalogue.liveHost(home, day) : catalogue.creator(home, dice);
      int rounds = 1 + (int) dice.exponential(4.5);
      for (int i = 0; i < rounds && canGoOn(); i++) {
        round(surface, creator);
        if (dice.chance(0.15)) {
          surface = surface();
        }
        if (!isLive && dice.chance(0.6)) {
          creator = catalogue.creator(home, dice);
        }
      }
    }

    private boolean isLive(int day, long secondOfDay) {
      long offset = home.zone.getRules().getOffset(Instant.ofEpochMilli(at)).getTotalSeconds();
      long since = Math.floorMod(secondOfDay + offset, 86_400L) - catalogue.liveStart(home, day);
      return since >= 0 && since < 5400;
    }

    private String surface() {
      return switch (dice.weighted(44, 8, 17, 11, 8, 7, 5)) {
        case 0 -> "feed";
        case 1 -> "live";
        case 2 -> "shop_tab";
        case 3 -> "search";
        case 4 -> "showcase";
        case 5 -> "profile";
        default -> "ad";
      };
    }

    private void pass(double seconds) {
      if (dice.chance(0.12)) {
        return;
      }
      at +=
          dice.chance(0.012)
              ? 9 * MINUTE + dice.below(20 * MINUTE)
              : 1 + (long) dice.exponential(seconds * 1000);
    }

    private void round(String surface, int creator) {
      pass(25);
      if (!canGoOn()) {
        return;
      }
      switch (surface) {
        case "shop_tab", "search" -> browse(surface);
        case "ad" -> advertise();
        default -> watch(surface, creator);
      }
      if (canGoOn() && dice.chance(0.01)) {
        event.fresh(dice.of("video_like", "share"), at);
        event.surface = surface;
        say();
      }
      if (canGoOn() && dice.chance(0.02)) {
        signIn();
      }
    }

    private void watch(String surface, int creator) {
      int content = catalogue.content(creator, dice);
      int product = catalogue.shown(content);
      showing(event.fresh("content_view", at), surface, content, creator);
      say();
      if (canGoOn() && dice.chance(surface.equals("feed") ? 0.35 : 0.65)) {
        pass(4);
        if (!canGoOn()) {
          return;
        }
        showing(event.fresh("product_impression", at), surface, content, creator);
        long seen = say(event, surface, product);
        if (dice.chance(0.002)) {
          plan(product, new Cause("in_app_shop", surface, seen, "product_impression", surface, at));
        }
        if (dice.chance(0.34)) {
          click(surface, content, creator, product);
        }
      }
      double linking = catalogue.linking(creator) * (surface.equals("profile") ? 3 : 1);
      if (canGoOn() && dice.chance(0.09 * linking)) {
        leave(surface, content, creator, product);
      }
    }

    private void browse(String surface) {
      if (surface.equals("search")) {
        event.fresh("search", at);
        event.surface = surface;
        Text query = new Text(64);
        query.field("query", dice.of(QUERIES));
        event.extra = new String(query.bytes, 0, query.length, UTF_8);
        say();
      }
      int seen = 1 + dice.below(4);
      for (int i = 0; i < seen && canGoOn(); i++) {
        int product = catalogue.product(dice);
        say(event.fresh("product_impression", at), surface, product);
        if (canGoOn() && dice.chance(0.25)) {
          click(surface, -1, -1, product);
        }
      }
    }

    private void advertise() {
      int product = catalogue.product(dice);
      event.fresh("ad_impression", at).ad = "a" + (500 + product % 90);
      long seen = say(event, "ad", product);
      if (dice.chance(0.01)) {
        plan(product, new Cause("in_app_shop", "ad", seen, "ad_impression", "ad", at));
      }
      if (canGoOn() && dice.chance(0.3)) {
        pass(5);
        if (!canGoOn()) {
          return;
        }
        event.fresh("ad_click", at).ad = "a" + (500 + product % 90);
        long id = say(event, "ad", product);
        consider(product, null, new Cause("in_app_shop", "ad", id, "ad_click", "ad", at));
      }
    }

    private void click(String surface, int content, int creator, int product) {
      pass(6);
      if (!canGoOn()) {
        return;
      }
      event.fresh("product_click", at);
      if (content >= 0) {
        showing(event, surface, content, creator);
      }
      long id = say(event, surface, product);
      String by = content >= 0 ? catalogue.creatorId(creator) : null;
      consider(product, by, new Cause("in_app_shop", surface, id, "product_click", surface, at));
    }

    private void consider(int product, String creator, Cause cause) {
      if (canGoOn() && dice.chance(0.6)) {
        pass(2);
        if (!canGoOn()) {
          return;
        }
        say(event.fresh("product_view", at), cause.surface(), product);
      }
      if (dice.chance(mood())) {
        boolean cameForIt = entry != null && dice.chance(0.55);
        buy(product, creator, cameForIt ? entry : cause, null);
      } else if (dice.chance(0.02)) {
        plan(product, cause);
      } else if (canGoOn() && dice.chance(0.08)) {
        pass(10);
        if (canGoOn()) {
          say(event.fresh("add_to_cart", at), cause.surface(), product);
        }
      }
    }

    /** How likely it is that a click on a product ends in a purchase. */
    private double mood() {
      return member.sessionsPerDay > 1.5 ? 0.07 : 0.125;
    }

    private void plan(int product, Cause cause) {
      member.plans.add(
          new Plan(at + HOUR + (long) dice.exponential(30.0 * HOUR), product, cause, null));
    }

    private void buy(int product, String creator, Cause cause, ClickFate fate) {
      pass(30);
      if (!canGoOn()) {
        return;
      }
      say(event.fresh("add_to_cart", at), cause.surface(), product);
      pass(20);
      if (!canGoOn()) {
        return;
      }
      if (dice.chance(0.6)) {
        signIn();
      }
      say(event.fresh("checkout_started", at), cause.surface(), product);
      pass(40);
      if (at >= end) {
        return;
      }
      boolean tellsDevice = event.user == null || dice.chance(0.25);
      long order =
          purchases.inApp(
              at,
              event.user,
              tellsDevice ? event.device : null,
              event.market,
              event.region,
              product,
              creator,
              cause,
              member.user);
      if (fate != null) {
        fate.settle(
            fate.isFor(product) ? "in_app_same_product" : "in_app_same_category", order, at);
      }
      if (canGoOn() && dice.chance(0.12)) {
        at += 20_000;
        if (canGoOn()) {
          event.fresh("inbound_visit", at).referrer =
              dice.of(
                  "https://www.paypal.com/checkoutnow?token=EC-1",
                  "https://checkout.stripe.com/c/pay");
          say();
        }
      }
    }

    private void leave(String surface, int content, int creator, int product) {
      pass(8);
      if (!canGoOn()) {
        return;
      }
      OutboundUrls.Link link =
          OutboundUrls.link(home, product, catalogue.slug(product), creator, dice);
      boolean isBlocked = dice.chance(0.06);
      boolean isTagged = dice.chance(0.7);
      showing(
          event.fresh(isBlocked ? "outbound_blocked" : "outbound_click", at),
          surface,
          content,
          creator);
      event.link = link.url();
      if (isTagged) {
        event.product = catalogue.productId(product);
        event.category = catalogue.category(product);
      }
      long id = say();
      ClickFate fate = new ClickFate(id, at, event, link, product, member.user);
      if (isBlocked) {
        fate.become("blocked");
        clicks.add(fate);
        return;
      }
      clicks.add(fate);
      leaks.clicked(fate);
      int fateful = link.shop() == null ? 3 : dice.weighted(10, 8, 4, 78);
      if (fateful == 0) {
        buyOutside(fate, link.shop(), product);
      } else if (fateful == 3 && link.shop() != null) {
        buyUnseen(fate, product);
      } else if (fateful <= 2) {
        int wanted = fateful == 1 ? product : catalogue.sibling(product, dice);
        long due = at + HOUR / 2 + (long) dice.exponential(20.0 * HOUR);
        member.plans.add(new Plan(due, wanted, null, fate));
      }
      if (dice.chance(0.3)) {
        at += 3 * MINUTE;
      }
    }

    /**
     * What an outside shop sold and nobody reports. With the unreported part of {@link #buyOutside}
     * it is as likely, as soon and as much as a click in the app leads to a purchase, by whoever
     * comes back for it too, because it is the same shopper and the same wish. It leaves nothing in
     * the logs, so it has dice of its own, and the logs are the same with it or without.
     */
    private void buyUnseen(ClickFate fate, int product) {
      Dice own = new Dice(seed + 8, fate.number);
      long boughtAt = fate.at + 2 * MINUTE + (long) own.exponential(HOUR);
      if (own.chance(mood() - 0.02) && boughtAt < end) {
        fate.settle("unreported_purchase", 0, boughtAt);
        fate.value(Purchases.quantity(own) * catalogue.price(product, home), home);
      }
    }

    private void buyOutside(ClickFate fate, Shop shop, int product) {
      long boughtAt = fate.at + 2 * MINUTE + (long) dice.exponential(14.0 * HOUR);
      boolean isReported = dice.chance(0.65);
      if (boughtAt >= end) {
        fate.become("after_the_logs");
        return;
      }
      Cause cause =
          new Cause("external_link", "outbound_link", fate.number, "outbound_click", null, fate.at);
      long order =
          purchases.external(
              boughtAt,
              event.user,
              event.user == null ? event.device : null,
              home,
              product,
              shop,
              cause,
              member.user,
              isReported ? Purchases.Report.SENT : Purchases.Report.NONE);
      fate.settle(isReported ? "external_order" : "unreported_purchase", order, boughtAt);
      fate.value(purchases.lastValue(), home);
    }
  }
}
