package io.shoplens.rawlog;

import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/** Digits of a currency's minor unit. Public only because generated code calls it. */
public final class CurrencyDigitsFunction implements ScalarFunction<Integer> {
  @Override
  public DataType[] inputTypes() {
    return new DataType[] {DataTypes.StringType};
  }

  @Override
  public DataType resultType() {
    return DataTypes.IntegerType;
  }

  @Override
  public boolean isResultNullable() {
    return false;
  }

  @Override
  public String name() {
    return "currency_digits";
  }

  @Override
  public String canonicalName() {
    return "io.shoplens.currency_digits";
  }

  /** Digits of the minor unit of an ISO 4217 code, or -1. */
  public static int invoke(UTF8String currency) {
    return currency == null ? -1 : Amounts.minorDigits(currency.toString());
  }
}
