package io.shoplens.rawlog;

import static org.apache.spark.sql.functions.udf;

import io.shoplens.config.IdText;
import java.io.Serializable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.types.DataTypes;

/** Text of a record in which other words stand for the user and the device of the same record. */
public final class OwnIds {
  /** What stands for an id; NULL for NULL. */
  public interface Word extends Serializable {
    String of(String id);
  }

  private OwnIds() {}

  /** A link or other text, NULL for NULL. */
  public static Column inText(Column text, Column user, Column device, Word word) {
    return udf(
            (UDF3<String, String, String, String>)
                (value, own, other) ->
                    IdText.replaced(
                        IdText.replaced(value, own, word.of(own)), other, word.of(other)),
            DataTypes.StringType)
        .withName("text_with_pseudonyms")
        .apply(text, user, device);
  }

  /** JSON, NULL for NULL. */
  public static Column inJson(Column json, Column user, Column device, Word word) {
    return udf(
            (UDF3<String, String, String, String>)
                (value, own, other) ->
                    IdText.replacedInJson(
                        IdText.replacedInJson(value, own, word.of(own)), other, word.of(other)),
            DataTypes.StringType)
        .withName("json_with_pseudonyms")
        .apply(json, user, device);
  }
}
