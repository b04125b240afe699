package io.shoplens.job;

import java.util.Locale;

/** The steps of a run, in the order they go. */
public enum Step {
  INGEST("raw logs into bronze"),
  CLICKSTREAM("identities, sessions, outbound links, touchpoints"),
  ORDERS("orders, lines and their history"),
  ATTRIBUTION("credits, daily sums, paths, models compared"),
  GMV("daily GMV, economics, customers, creators, regions"),
  LEAKAGE("leaks, leak rates and what leaked was worth"),
  CHECKS("invariants");

  private final String yields;

  Step(String yields) {
    this.yields = yields;
  }

  /** What the step brings up to date, in a few words. */
  public String yields() {
    return yields;
  }

  /** The step's name as commands and reports write it, in lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
