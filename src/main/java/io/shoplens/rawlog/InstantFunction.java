package io.shoplens.rawlog;

import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Instant of a text, in microseconds; see {@link Instants#micros}. Public only because generated
 * code calls it.
 */
public final class InstantFunction implements ScalarFunction<Long> {
  @Override
  public DataType[] inputTypes() {
    return new DataType[] {DataTypes.StringType, DataTypes.StringType};
  }

  @Override
  public DataType resultType() {
    return DataTypes.LongType;
  }

  @Override
  public boolean isResultNullable() {
    return false;
  }

  @Override
  public String name() {
    return "instant";
  }

  @Override
  public String canonicalName() {
    return "io.shoplens.instant";
  }

  /** Microseconds since 1970 of a text in the feed's zone, or what is wrong with it. */
  public static long invoke(UTF8String text, UTF8String zone) {
    return Instants.micros(text, zone);
  }
}
