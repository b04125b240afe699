package io.shoplens.rawlog;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A decimal as it stands, or what is wrong with it. Public only because generated code calls it.
 */
public final class ExactDecimalFunction implements ScalarFunction<InternalRow> {
  @Override
  public DataType[] inputTypes() {
    return new DataType[] {DataTypes.StringType, DataTypes.IntegerType};
  }

  @Override
  public DataType resultType() {
    return Amounts.CHECKED_DECIMAL;
  }

  @Override
  public boolean isResultNullable() {
    return false;
  }

  @Override
  public String name() {
    return "exact_decimal";
  }

  @Override
  public String canonicalName() {
    return "io.shoplens.exact_decimal";
  }

  /** The decimal of a text with at most so many decimals, beside its fault or NULL. */
  public static InternalRow invoke(UTF8String text, int decimals) {
    return Amounts.checked(text, decimals);
  }
}
