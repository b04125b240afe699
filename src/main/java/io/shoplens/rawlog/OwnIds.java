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

  /** Puts a word in place of an id, wherever the id stands in a value. */
  private interface Replacing extends Serializable {
    String of(String value, String id, String word);
  }

  private OwnIds() {}

  /** A link or other text, NULL for NULL. */
  public static Column inText(Column text, Column user, Column device, Word word) {
    return replaced("text_with_pseudonyms", IdText::replaced, text, user, device, word);
  }

  /** JSON, NULL for NULL. */
  public static Column inJson(Column json, Column user, Column device, Word word) {
    return replaced("json_with_pseudonyms", IdText::replacedInJson, json, user, device, word);
  }

  private static Column replaced(
      String name, Replacing replacing, Column value, Column user, Column device, Word word) {
    return udf(
            (UDF3<String, String, String, String>)
                (text, own, other) ->
                    replacing.of(replacing.of(text, own, word.of(own)), other, word.of(other)),
            DataTypes.StringType)
        .withName(name)
        .apply(value, user, device);
  }
}
