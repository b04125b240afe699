package io.shoplens.generate;

import java.io.IOException;

/** One part of the logs: its share of the events, block by block. */
final class Part {
  private static final long EVENTS_PER_BLOCK = 60_000;

  private Part() {}

  /** Simulates the part and writes its files. */
  static GeneratedLogs write(GenerateSettings settings, int part, PartFiles files)
      throws IOException {
    int parts = settings.effectiveParts();
    long events = settings.events() / parts + (part < settings.events() % parts ? 1 : 0);
    Catalogue catalogue = new Catalogue(settings.seed(), settings.events());
    Instants instants = new Instants(settings.start(), settings.days());
    long blocks = (events + EVENTS_PER_BLOCK - 1) / EVENTS_PER_BLOCK;
    long most = (settings.events() / parts + EVENTS_PER_BLOCK) / EVENTS_PER_BLOCK;
    GeneratedLogs total = new GeneratedLogs(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    for (long i = 0; i < blocks; i++) {
      long room = events / blocks + (i < events % blocks ? 1 : 0);
      long block = part * most + i;
      BlockLog log = new BlockLog(settings, instants, part, block, room);
      long unit = 0;
      while (!log.isFull()) {
        new Household(settings, catalogue, instants, log, block << 16 | unit, unit == 0).live();
        unit++;
      }
      total = total.plus(log.writeTo(files));
    }
    return total;
  }
}
