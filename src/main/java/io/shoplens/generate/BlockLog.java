package io.shoplens.generate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The lines of one block: collected as the simulation says them, then written to their dates in the
 * order in which the collector received them. What goes wrong between an app and a log goes wrong
 * here: lateness, repeats, conflicts, damage.
 */
final class BlockLog {
  private static final int EVENTS = 0;
  private static final int ORDERS = 1;
  private static final int EVENTS_AGAIN = 2;
  private static final int FEEDS = 4;
  private static final int LONGEST_DELAY = 50_000;
  private static final double DAMAGE_KEPT_BELOW = 0.04;
  private static final int LINES_PER_BLANK = 1500;

  /** Lines of one file: instant of receipt, place in the arena, and damage (-1: none). */
  private static final class Index {
    long[] received = new long[64];
    int[] offset = new int[64];
    int[] length = new int[64];
    byte[] damage = new byte[64];
    int size;

    void add(long at, int from, int bytes, int harm) {
      if (size == received.length) {
        received = Arrays.copyOf(received, size * 2);
        offset = Arrays.copyOf(offset, size * 2);
        length = Arrays.copyOf(length, size * 2);
        damage = Arrays.copyOf(damage, size * 2);
      }
      received[size] = at;
      offset[size] = from;
      length[size] = bytes;
      damage[size++] = (byte) harm;
    }
  }

  /** Which kinds of damage a feed has seen, and how much is owed. */
  private static final class Owed {
    final boolean[] done = new boolean[Damage.values().length];
    double lines;
  }

  private final GenerateSettings settings;
  private final Instants instants;
  private final int part;
  private final Dice dice;
  private final long start;
  private final Text arena = new Text(1 << 20);
  private final Text orderTruth = new Text(1 << 16);
  private final Text clickTruth = new Text(1 << 16);
  private final Index[][] index;
  private final Owed[] owed = {new Owed(), new Owed()};
  private long room;
  private long events;
  private long orderEvents;
  private long orders;
  private long clicks;
  private long duplicates;
  private long conflicts;
  private long damaged;
  private long blank;

  BlockLog(GenerateSettings settings, Instants instants, int part, long block, long room) {
    this.settings = settings;
    this.instants = instants;
    this.part = part;
    this.room = room;
    this.dice = new Dice(settings.seed() + 5, block);
    this.start = settings.start().toEpochDay() * Instants.DAY;
    this.index = new Index[FEEDS][settings.days()];
    int kinds = Damage.values().length;
    for (int i = 0; i < block * 11 % kinds; i++) {
      owed[ORDERS].done[i] = true;
    }
  }

  /** Whether the block has all its events. */
  boolean isFull() {
    return room <= 0;
  }

  /** Orders so far. */
  long orders() {
    return orders;
  }

  /** Takes in an event; the caller makes sure that there is room. */
  void event(ClickEvent event) {
    room--;
    events++;
    add(EVENTS, event);
  }

  void orderEvent(OrderEvent event) {
    orderEvents++;
    add(ORDERS, event);
  }

  /** A line of truth about an order, to be filled and ended by the caller. */
  Text orderTruth() {
    orders++;
    return orderTruth;
  }

  /** A line of truth about an outbound click, to be filled and ended by the caller. */
  Text clickTruth() {
    clicks++;
    return clickTruth;
  }

  private void add(int feed, Line line) {
    int day = (int) ((line.at() - start) / Instants.DAY);
    int laterDays = settings.days() - 1 - day;
    long end = start + settings.days() * Instants.DAY;
    long received = line.at() + 150 + (long) dice.exponential(2500);
    if (dice.chance(0.01)) {
      received += dice.below(LONGEST_DELAY);
    }
    if (laterDays > 0 && dice.chance(settings.lateRate())) {
      received = line.at() + Instants.DAY + dice.below((end - line.at()) - Instants.DAY);
    }
    received = Math.min(received, end - 1);
    boolean isSilent = Long.remainderUnsigned(line.number(), 400) == 0;
    long told = isSilent ? -1 : received;
    int from = arena.length;
    line.write(arena, told);
    int length = arena.length - from;
    put(feed, received, from, length, -1);
    if (dice.chance(settings.duplicateRate())) {
      repeat(feed, line, received, end, from, length);
    }
    if (dice.chance(settings.conflictRate())) {
      int again = arena.length;
      line.flip();
      line.write(arena, told);
      line.flip();
      put(feed, received, again, arena.length - again, -1);
      conflicts++;
    }
    owed[feed].lines += settings.damagedRate();
    if (owed[feed].lines >= 1) {
      owed[feed].lines--;
      damage(feed, received, new String(arena.bytes, from, length, UTF_8));
    }
  }

  private void put(int feed, long received, int from, int length, int harm) {
    int day = (int) ((received - start) / Instants.DAY);
    if (index[feed][day] == null) {
      index[feed][day] = new Index();
    }
    index[feed][day].add(received, from, length, harm);
  }

  private void repeat(int feed, Line line, long received, long end, int from, int length) {
    duplicates++;
    boolean canWait = end - received > Instants.DAY;
    long later = canWait ? received + Instants.DAY + dice.below(end - received - Instants.DAY) : 0;
    int kind = dice.below(canWait ? 5 : 3);
    if (kind == 4) {
      int again = arena.length;
      line.write(arena, later);
      put(feed, later, again, arena.length - again, -1);
    } else if (kind == 3) {
      put(feed, later, from, length, -1);
    } else {
      put(kind == 2 ? feed + EVENTS_AGAIN : feed, received, from, length, -1);
    }
  }

  private void damage(int feed, long received, String line) {
    String target = feed == EVENTS ? "events" : "orders";
    Damage[] kinds = Damage.values();
    boolean[] done = owed[feed].done;
    for (int round = 0; round < 2; round++) {
      for (Damage kind : kinds) {
        Optional<byte[]> bytes = done[kind.ordinal()] ? Optional.empty() : kind.of(target, line);
        if (bytes.isPresent()) {
          done[kind.ordinal()] = true;
          int from = arena.length;
          arena.put(bytes.get());
          put(feed, received, from, bytes.get().length, kind.ordinal());
          return;
        }
      }
      Arrays.fill(done, false);
    }
  }

  /** Writes every line and forgets it. */
  GeneratedLogs writeTo(PartFiles files) throws IOException {
    PartFiles.Part harm = null;
    Text note = new Text(256);
    for (int feed = 0; feed < FEEDS; feed++) {
      for (int day = 0; day < settings.days(); day++) {
        Index lines = index[feed][day];
        if (lines == null) {
          continue;
        }
        PartFiles.Part file = files.part(name(feed, day));
        int mostDamaged =
            settings.damagedRate() > DAMAGE_KEPT_BELOW
                ? lines.size
                : (int) (lines.size * DAMAGE_KEPT_BELOW);
        for (long entry : sorted(lines)) {
          int i = (int) (entry & 0xFFFFFF);
          int kind = lines.damage[i];
          if (kind >= 0 && mostDamaged-- <= 0) {
            continue;
          }
          if (feed < EVENTS_AGAIN && dice.below(LINES_PER_BLANK) == 0) {
            file.line(arena.bytes, 0, 0);
            blank++;
          }
          file.line(arena.bytes, lines.offset[i], lines.length[i]);
          if (kind >= 0) {
            damaged++;
            if (harm == null) {
              harm = files.part(truth("damaged_lines"));
            }
            note.length = 0;
            Damage damage = Damage.values()[kind];
            note.put('{').field("file", file.name).key("line").put(file.lines).put(',');
            note.field("code", damage.code).field("field", damage.field);
            note.field("kind", damage.name().toLowerCase(Locale.ROOT)).close();
            harm.line(note.bytes, 0, note.length);
          }
        }
      }
    }
    if (orderTruth.length > 0) {
      files.part(truth("orders")).line(orderTruth.bytes, 0, orderTruth.length - 1);
    }
    if (clickTruth.length > 0) {
      files.part(truth("outbound_clicks")).line(clickTruth.bytes, 0, clickTruth.length - 1);
    }
    return new GeneratedLogs(
        events, orderEvents, orders, clicks, duplicates, conflicts, damaged, blank, 0, 0);
  }

  private long[] sorted(Index lines) {
    long[] order = new long[lines.size];
    for (int i = 0; i < lines.size; i++) {
      order[i] = (lines.received[i] - start) << 24 | i;
    }
    Arrays.sort(order);
    return order;
  }

  private String name(int feed, int day) {
    boolean isEvents = feed == EVENTS || feed == EVENTS_AGAIN;
    return (isEvents ? "events" : "orders")
        + "/date="
        + instants.date(day)
        + String.format("/part-%05d", part)
        + (feed >= EVENTS_AGAIN ? "-again" : "")
        + ".json"
        + (settings.format().isCompressed(day, part) ? ".gz" : "");
  }

  private String truth(String what) {
    return "truth/"
        + what
        + String.format("/part-%05d.json", part)
        + (settings.format() == LogFormat.PLAIN ? "" : ".gz");
  }
}
