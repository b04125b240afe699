package io.shoplens.cli;

import java.util.Locale;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/** How much the logs say. */
enum LogLevel {
  ERROR,
  WARN,
  INFO,
  DEBUG,
  TRACE;

  /** Sets every logger to this level. */
  void apply() {
    Level level = Level.valueOf(name());
    Configurator.setAllLevels("", level);
    Configurator.setLevel("io.shoplens", level);
  }

  /** What is said where nobody asked for more: our warnings, others' errors. */
  static void quiet() {
    Configurator.setAllLevels("", Level.ERROR);
    Configurator.setLevel("io.shoplens", Level.WARN);
  }

  /** Whether errors show where they arose. */
  boolean showsTraces() {
    return compareTo(DEBUG) >= 0;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
