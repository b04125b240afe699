package io.shoplens.rawlog;

import static org.apache.spark.sql.functions.call_function;

import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchFunctionException;
import org.apache.spark.sql.connector.catalog.FunctionCatalog;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The few functions that the contract needs and SQL has no answer for, as a function catalog: Spark
 * calls their static methods right from generated code, on its own values, without conversion.
 * Public only because Spark makes it by name.
 */
public final class RawLogFunctions implements FunctionCatalog {
  private static final String CATALOG = "shoplens_rawlog";

  private static final Map<String, BoundFunction> FUNCTIONS =
      Map.of(
          "loose_instant", new LooseInstantFunction(),
          "exact_decimal", new ExactDecimalFunction(),
          "currency_digits", new CurrencyDigitsFunction(),
          "order_lines", new OrderLinesFunction(),
          "order_reversal", new OrderReversalFunction());

  private String name = CATALOG;

  /** Makes the functions known to a session. */
  static void register(SparkSession session) {
    session.conf().set("spark.sql.catalog." + CATALOG, RawLogFunctions.class.getName());
  }

  static Column looseInstant(Column text, Column zone) {
    return call_function(CATALOG + ".loose_instant", text, zone);
  }

  static Column exactDecimal(Column text, Column decimals) {
    return call_function(CATALOG + ".exact_decimal", text, decimals);
  }

  static Column currencyDigits(Column currency) {
    return call_function(CATALOG + ".currency_digits", currency);
  }

  static Column orderLines(Column json, Column decimals, Column style) {
    return call_function(CATALOG + ".order_lines", json, decimals, style);
  }

  static Column orderReversal(Column json, Column decimals, Column style) {
    return call_function(CATALOG + ".order_reversal", json, decimals, style);
  }

  @Override
  public void initialize(String catalogName, CaseInsensitiveStringMap options) {
    this.name = catalogName;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Identifier[] listFunctions(String[] namespace) {
    return FUNCTIONS.keySet().stream()
        .sorted()
        .map(function -> Identifier.of(namespace, function))
        .toArray(Identifier[]::new);
  }

  @Override
  public UnboundFunction loadFunction(Identifier identifier) throws NoSuchFunctionException {
    BoundFunction function = FUNCTIONS.get(identifier.name());
    if (function == null) {
      throw new NoSuchFunctionException(identifier);
    }
    return new Unbound(function);
  }

  private record Unbound(BoundFunction function) implements UnboundFunction {
    @Override
    public BoundFunction bind(StructType inputType) {
      return function;
    }

    @Override
    public String description() {
      return function.name();
    }

    @Override
    public String name() {
      return function.name();
    }
  }
}
