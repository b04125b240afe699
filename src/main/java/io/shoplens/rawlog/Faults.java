package io.shoplens.rawlog;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftright;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/**
 * The first fault of a record as one number: 1024 times the field's number in the contract, plus 16
 * times the number of a part of it, plus the code's number. The smallest number is the first fault.
 */
final class Faults {
  private final List<String> fields;

  /** What stands before the name of a part of {@code lines}. */
  private final String linePrefix;

  private final List<Column> conditions = new ArrayList<>();
  private final List<Column> faults = new ArrayList<>();

  Faults(List<String> fields, String linePrefix) {
    this.fields = fields;
    this.linePrefix = linePrefix;
  }

  /** Adds a rule; rules are judged in the order they are added. */
  Faults rule(Column isFaulty, String field, int code) {
    return then(isFaulty, lit(number(field) + code));
  }

  /** Adds a rule whose fault is a number of code and part, NULL for none. */
  Faults partly(Column fault, String field) {
    return then(fault.isNotNull(), fault.plus(lit(number(field))));
  }

  private Faults then(Column isFaulty, Column fault) {
    conditions.add(isFaulty);
    faults.add(fault);
    return this;
  }

  /** A required text that is not there, NULL or empty; one of a wrong type is there. */
  Faults required(String field) {
    return rule(absent(col(field)).and(isWrong(field).unary_$bang()), field, Codes.MISSING_FIELD);
  }

  /** Whether a field is the first of a wrong type. */
  Column isWrong(String field) {
    return coalesce(col(LexicalPlan.WRONG), lit(-1)).equalTo(lit(fields.indexOf(field)));
  }

  static Column absent(Column text) {
    return text.isNull().or(text.equalTo(""));
  }

  /** The first fault of all, types included, or NULL. */
  Column first() {
    Column rule = lit(null).cast("int");
    for (int i = conditions.size() - 1; i >= 0; i--) {
      rule = when(conditions.get(i), faults.get(i)).otherwise(rule);
    }
    Column wrong = col(LexicalPlan.WRONG).multiply(lit(1024)).plus(lit(Codes.WRONG_TYPE));
    return least(rule, wrong);
  }

  private int number(String field) {
    return fields.indexOf(field) * 1024;
  }

  /** The code of a fault. */
  static Column code(Column fault) {
    return get(words(Codes.OF_FIELDS), fault.bitwiseAND(lit(15)));
  }

  /** The name of the field of a fault, as in {@code lines.quantity}. */
  Column field(Column fault) {
    Column whole = get(words(fields), shiftright(fault, 10));
    Column part = shiftright(fault, 4).bitwiseAND(lit(63));
    Column path =
        org.apache
            .spark
            .sql
            .functions
            .when(
                whole.equalTo("reversal").and(part.lt(lit(OrderParts.FIELDS.indexOf("lines")))),
                lit("reversal.lines."))
            .when(whole.equalTo("lines"), lit(linePrefix))
            .otherwise(concat(whole, lit(".")));
    return org.apache
        .spark
        .sql
        .functions
        .when(part.equalTo(lit(0)), whole)
        .otherwise(concat(path, get(words(OrderParts.FIELDS), part)));
  }

  private static Column words(List<String> words) {
    return array(words.stream().map(functions::lit).toArray(Column[]::new));
  }
}
