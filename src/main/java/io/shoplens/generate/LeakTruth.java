package io.shoplens.generate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of a household's outbound clicks by the definition of a leak, from what the
 * simulation did and not from the logs: which click opened the leak that each is in, and what the
 * leak is once its window is over. Instants are microseconds.
 */
final class LeakTruth {
  static final int[] WINDOWS = {1, 7};

  private static final long DAY = 86_400_000_000L;

  /** A record that names who used a device. */
  private record Seen(String device, String user, long at, char letter, long number, int event) {}

  /** In the order of their instants and ids. */
  private static final Comparator<Seen> IN_ORDER =
      Comparator.comparingLong(Seen::at)
          .thenComparing(Seen::letter)
          .thenComparing(Seen::number, Long::compareUnsigned)
          .thenComparing(one -> Integer.toString(one.event()));

  /** A product in a paid order; the group is an outside shop's. */
  private record Sold(
      long at, String id, String user, String device, String group, String product) {}

  /** A leak in the making. */
  private static final class Leak {
    final ClickFate opening;
    final List<ClickFate> clicks = new ArrayList<>();
    boolean isConfirmed;
    boolean isRecaptured;

    Leak(ClickFate opening) {
      this.opening = opening;
    }

    String state() {
      String kind = opening.kind();
      if (!kind.equals(ClickFate.COMPETITOR)) {
        return kind;
      }
      return isConfirmed ? "confirmed" : isRecaptured ? "recaptured" : "leaked";
    }
  }

  private final List<Seen> seen = new ArrayList<>();
  private final List<Sold> sold = new ArrayList<>();
  private final List<ClickFate> clicks = new ArrayList<>();

  /** An event of the logs names both, or does not. */
  void said(ClickEvent event) {
    if (event.device != null && event.user != null) {
      long at = Instants.micros(event.at, event.number);
      seen.add(new Seen(event.device, event.user, at, 'e', event.number, 0));
    }
  }

  /** An order event names both, or does not. */
  void said(OrderEvent order) {
    if (order.device != null && order.user != null) {
      long at = Instants.micros(order.at, order.number());
      seen.add(new Seen(order.device, order.user, at, 'o', order.orderNumber, order.event));
    }
  }

  /** A line of an order that was placed and paid; the group is an outside shop's, or NULL. */
  void sold(long at, String id, String user, String device, String group, String product) {
    sold.add(new Sold(at, id, user, device, group, product));
  }

  void clicked(ClickFate fate) {
    clicks.add(fate);
  }

  /** Tells every click what it is in. */
  void settle() {
    clicks.sort(Comparator.comparingLong((ClickFate f) -> f.micros).thenComparing(ClickFate::id));
    sold.sort(Comparator.comparingLong(Sold::at).thenComparing(Sold::id));
    for (int days : WINDOWS) {
      List<Leak> leaks = leaks(days);
      for (Sold line : sold) {
        Leak latest = null;
        for (Leak leak : leaks) {
          boolean isIn =
              leak.opening.micros < line.at() && line.at() <= leak.opening.micros + days * DAY;
          latest = isIn && settles(line, leak.opening) ? leak : latest;
        }
        if (latest != null) {
          latest.isConfirmed |= line.group() != null;
          latest.isRecaptured |= line.group() == null;
        }
      }
      for (Leak leak : leaks) {
        leak.clicks.forEach(click -> click.isIn(days, leak.opening, leak.state()));
      }
    }
  }

  private List<Leak> leaks(int days) {
    List<Leak> leaks = new ArrayList<>();
    Map<String, Leak> open = new HashMap<>();
    for (ClickFate click : clicks) {
      String person = click.user == null ? "device " + click.device : "user " + click.user;
      String key = person + ' ' + click.kind() + ' ' + click.key();
      Leak leak = open.get(key);
      if (leak == null || click.micros >= leak.opening.micros + days * DAY) {
        leak = new Leak(click);
        open.put(key, leak);
        leaks.add(leak);
      }
      leak.clicks.add(click);
    }
    return leaks;
  }

  private boolean settles(Sold line, ClickFate click) {
    if (!click.kind().equals(ClickFate.COMPETITOR) || !isOf(line, click)) {
      return false;
    }
    if (line.group() != null) {
      return line.group().equals(click.group());
    }
    // Links without a product carry no category either.
    return line.product().equals(click.product);
  }

  private boolean isOf(Sold line, ClickFate click) {
    if (line.user() == null) {
      return line.device() != null && click.user == null && line.device().equals(click.device);
    }
    if (click.user != null) {
      return line.user().equals(click.user);
    }
    Seen next =
        seen.stream()
            .filter(one -> one.device().equals(click.device) && one.at() >= click.micros)
            .min(IN_ORDER)
            .orElse(null);
    return next != null
        && next.at() - click.micros <= 30 * DAY
        && next.at() <= line.at()
        && next.user().equals(line.user());
  }
}
