package io.shoplens.table;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The declaration of a table: all that can be known of it without reading it.
 *
 * @param name schema and name, as in {@code gold.daily_gmv}
 * @param comment what it holds, in one sentence
 * @param grain what one row stands for
 * @param key columns that tell rows apart; together unique, NULL counting as a value
 * @param partitionedBy columns it is partitioned by
 * @param reach how far a changed date moves it
 * @param schema its columns in order, each with a comment
 */
public record Table(
    String name,
    String comment,
    String grain,
    List<String> key,
    List<String> partitionedBy,
    Reach reach,
    StructType schema) {

  /** Starts the declaration of a table. */
  public static Declaration named(String name) {
    return new Declaration(name);
  }

  /** The part before the dot: bronze, silver, gold or ops. */
  public String layer() {
    return name.substring(0, name.indexOf('.'));
  }

  /** Where it lies below the lake's root: {@code gold/daily_gmv}. */
  public String directory() {
    return name.replace('.', '/');
  }

  /** A declaration in the making; {@link #declared()} ends it. */
  public static final class Declaration {
    private final String name;
    private String comment;
    private String grain;
    private List<String> key = List.of();
    private List<String> partitionedBy = List.of();
    private Reach reach;
    private final List<StructField> fields = new ArrayList<>();

    private Declaration(String name) {
      this.name = name;
    }

    public Declaration saying(String text) {
      this.comment = text;
      return this;
    }

    public Declaration grain(String text) {
      this.grain = text;
      return this;
    }

    public Declaration key(String... columns) {
      this.key = List.of(columns);
      return this;
    }

    public Declaration partitionedBy(String... columns) {
      this.partitionedBy = List.of(columns);
      return this;
    }

    public Declaration reach(int back, int forward, String why) {
      this.reach = new Reach(back, forward, why);
      return this;
    }

    public Declaration column(String column, String type, String text) {
      fields.add(
          new StructField(
                  column, DataType.fromDDL(type), true, org.apache.spark.sql.types.Metadata.empty())
              .withComment(text));
      return this;
    }

    public Table declared() {
      return new Table(
          name,
          comment,
          grain,
          key,
          partitionedBy,
          reach,
          new StructType(fields.toArray(StructField[]::new)));
    }
  }
}
