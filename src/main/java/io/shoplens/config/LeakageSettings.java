package io.shoplens.config;

import java.math.BigDecimal;
import java.util.Map;

/**
 * Bounds of the leak rate.
 *
 * @param opaqueCompetitor probability that an opaque link leads to a competitor, by link kind
 *     (shortener, link_hub); other kinds count as 0
 */
public record LeakageSettings(Map<String, BigDecimal> opaqueCompetitor) {
  public LeakageSettings {
    opaqueCompetitor = Map.copyOf(opaqueCompetitor);
  }
}
