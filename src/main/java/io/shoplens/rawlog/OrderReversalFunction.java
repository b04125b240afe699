package io.shoplens.rawlog;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/** A cancellation or refund, read and checked. Public only because generated code calls it. */
public final class OrderReversalFunction implements ScalarFunction<InternalRow> {
  @Override
  public DataType[] inputTypes() {
    return new DataType[] {DataTypes.StringType, DataTypes.IntegerType, DataTypes.IntegerType};
  }

  @Override
  public DataType resultType() {
    return OrderParts.CHECKED_REVERSAL;
  }

  @Override
  public boolean isResultNullable() {
    return false;
  }

  @Override
  public String name() {
    return "order_reversal";
  }

  @Override
  public String canonicalName() {
    return "io.shoplens.order_reversal";
  }

  /** The reversal that a JSON object holds, beside its fault or NULL. */
  public static InternalRow invoke(UTF8String json, int decimals, int style) {
    return OrderParts.reversal(json, decimals, style);
  }
}
