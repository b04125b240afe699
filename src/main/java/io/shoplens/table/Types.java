package io.shoplens.table;

/** Column types as Spark DDL, under the names that table declarations use. */
public final class Types {
  public static final String STRING = "string";
  public static final String TIMESTAMP = "timestamp";
  public static final String DATE = "date";
  public static final String BIGINT = "bigint";
  public static final String INT = "int";
  public static final String BOOLEAN = "boolean";
  public static final String BINARY = "binary";

  /** Amounts of money: room for every ISO 4217 minor unit. */
  public static final String MONEY = "decimal(24,4)";

  /** Unit prices, which may be finer than the minor unit. */
  public static final String PRICE = "decimal(24,6)";

  /** Medians of whole numbers: whole or a half. */
  public static final String MEDIAN = "decimal(18,1)";

  /** Weights and probabilities from 0 to 1. */
  public static final String WEIGHT = "decimal(13,12)";

  /** Shares of an amount, such as a commission. */
  public static final String RATE = "decimal(9,6)";

  private Types() {}
}
