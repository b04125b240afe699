package io.shoplens.oracle;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Leaks by the words of their definition: every line is held against every leak. */
public final class Leaks {
  /** Lengths of the windows. */
  public static final List<Integer> WINDOWS = List.of(1, 7);

  private static final Duration IDENTITY_WINDOW = Duration.ofDays(30);

  /** A human outbound click; its kind is competitor, possible or not_competitor. */
  public record Click(
      String id,
      Instant at,
      LocalDate date,
      String market,
      String user,
      String device,
      String kind,
      String group,
      String parent,
      String linkKind,
      String product,
      String category,
      String productKey,
      String creator,
      String content) {

    private String key() {
      return product != null ? product : productKey != null ? productKey : group;
    }

    private List<String> chain() {
      return java.util.Arrays.asList(user, user == null ? device : null, kind, key());
    }
  }

  /** A human click on a product in the app. */
  public record ProductClick(
      Instant at,
      LocalDate date,
      String market,
      String user,
      String device,
      String product,
      String category) {}

  /** A sold line; V in the reporting currency may be null. */
  public record Line(
      String orderId,
      String lineId,
      Instant at,
      LocalDate date,
      String market,
      String user,
      String device,
      boolean isInApp,
      String group,
      String product,
      String category,
      long units,
      BigDecimal gmv,
      String creator,
      BigDecimal commissionRate) {}

  /** A record that names both a user and a device. */
  public record Identification(String device, String user, Instant at, String sourceId) {}

  /** A leak, and the lines that settle it. */
  public static final class Leak {
    public final Click opening;
    public final int days;
    public final List<Click> clicks = new ArrayList<>();
    public final List<Line> confirming = new ArrayList<>();
    public final List<Line> recapturing = new ArrayList<>();
    public boolean isMature;

    private Leak(Click opening, int days) {
      this.opening = opening;
      this.days = days;
    }

    /** Its state by the definition. */
    public String state() {
      if (!opening.kind().equals("competitor")) {
        return opening.kind();
      }
      return !isMature
          ? "pending"
          : !confirming.isEmpty() ? "confirmed" : !recapturing.isEmpty() ? "recaptured" : "leaked";
    }

    /** Time from the leak to the first line that recaptures it. */
    public Duration recapturedAfter() {
      return Duration.between(opening.at(), recapturing.get(0).at());
    }
  }

  public final List<Leak> leaks = new ArrayList<>();
  private final Map<String, List<Identification>> byDevice = new HashMap<>();

  /** Finds the leaks and settles them. */
  public Leaks(
      Collection<Click> clicks,
      Collection<Line> lines,
      Collection<Identification> identifications,
      Map<String, Instant> watermarks) {
    for (Identification one : identifications) {
      byDevice.computeIfAbsent(one.device(), device -> new ArrayList<>()).add(one);
    }
    List<Click> inOrder =
        clicks.stream().sorted(Comparator.comparing(Click::at).thenComparing(Click::id)).toList();
    List<Line> sold =
        lines.stream()
            .sorted(
                Comparator.comparing(Line::at)
                    .thenComparing(Line::orderId)
                    .thenComparing(Line::lineId))
            .toList();
    for (int days : WINDOWS) {
      Map<List<String>, Leak> open = new HashMap<>();
      for (Click click : inOrder) {
        Leak leak = open.get(click.chain());
        if (leak == null || !click.at().isBefore(end(leak))) {
          leak = new Leak(click, days);
          open.put(click.chain(), leak);
          leaks.add(leak);
        }
        leak.clicks.add(click);
      }
      for (Line line : sold) {
        leaks.stream()
            .filter(leak -> leak.days == days && settles(line, leak))
            .max(
                Comparator.comparing((Leak leak) -> leak.opening.at())
                    .thenComparing(leak -> leak.opening.id()))
            .ifPresent(leak -> (line.isInApp() ? leak.recapturing : leak.confirming).add(line));
      }
    }
    for (Leak leak : leaks) {
      Instant watermark = watermarks.get(leak.opening.market());
      leak.isMature = watermark != null && watermark.isAfter(end(leak));
    }
  }

  private static Instant end(Leak leak) {
    return leak.opening.at().plus(Duration.ofDays(leak.days));
  }

  private boolean settles(Line line, Leak leak) {
    Click click = leak.opening;
    if (!click.kind().equals("competitor")
        || !line.at().isAfter(click.at())
        || line.at().isAfter(end(leak))
        || !isOf(line, click.user(), click.device(), click.at())) {
      return false;
    }
    if (!line.isInApp()) {
      return click.group().equals(line.group());
    }
    return click.product() != null
        ? click.product().equals(line.product())
        : click.category() != null && click.category().equals(line.category());
  }

  /** Whether an event is of the person who ordered. */
  private boolean isOf(Line line, String user, String device, Instant at) {
    if (line.user() == null) {
      return line.device() != null && user == null && line.device().equals(device);
    }
    if (user != null) {
      return user.equals(line.user());
    }
    Identification next =
        byDevice.getOrDefault(device, List.of()).stream()
            .filter(one -> !one.at().isBefore(at))
            .min(Comparator.comparing(Identification::at).thenComparing(Identification::sourceId))
            .orElse(null);
    return next != null
        && !next.at().isAfter(at.plus(IDENTITY_WINDOW))
        && next.user().equals(line.user())
        && !next.at().isAfter(line.at());
  }

  /** Whether a line's person clicked its product in so many days up to the order. */
  public boolean followsClick(Line line, List<ProductClick> productClicks, int days) {
    return productClicks.stream()
        .filter(click -> Objects.equals(click.product(), line.product()))
        .filter(click -> click.product() != null && !click.at().isAfter(line.at()))
        .filter(click -> !click.at().isBefore(line.at().minus(Duration.ofDays(days))))
        .anyMatch(click -> isOf(line, click.user(), click.device(), click.at()));
  }
}
