package io.shoplens.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.repeat;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.testing.LocalSpark;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

class KeptRowsTest {
  private static final AtomicLong COMPUTED = new AtomicLong();

  private final SparkSession session = LocalSpark.session();

  @Test
  void rowsOfAllKindsComeBackAsTheyWere() {
    Dataset<Row> rows =
        session
            .range(0, 5_000, 1, 3)
            .select(
                col("id"),
                when(col("id").mod(lit(3)).notEqual(lit(0)), concat(lit("text "), col("id")))
                    .as("text"),
                expr("cast(id as decimal(30, 6))").as("amount"),
                expr("timestamp_micros(id * 1000003)").as("at"),
                expr("cast(null as date)").as("date"),
                expr("array(named_struct('n', nullif(id, 1), 't', 'a'))").as("lines"),
                expr("cast(cast(id as string) as binary)").as("raw"));
    try (KeptRows kept = KeptRows.of(rows)) {
      assertThat(kept.rows().schema()).isEqualTo(rows.schema());
      assertThat(kept.rows().collectAsList()).isEqualTo(rows.collectAsList());
    }
  }

  @Test
  void aRowIsKeptWhateverItsSize() {
    Dataset<Row> rows =
        session
            .range(0, 40, 1, 1)
            .select(
                col("id"),
                when(col("id").isin(0, 7, 8, 39), repeat(lit("0123456789abcdef"), 200_000))
                    .otherwise(repeat(lit("x"), col("id").multiply(lit(40_000)).cast("int")))
                    .as("text"));
    try (KeptRows kept = KeptRows.of(rows)) {
      assertThat(kept.rows().selectExpr("id", "length(text)", "xxhash64(text)").collectAsList())
          .isEqualTo(rows.selectExpr("id", "length(text)", "xxhash64(text)").collectAsList());
    }
  }

  @Test
  void whatIsMadeInTwoStepsComesBackAsItWasMade() {
    Dataset<Row> rows =
        session
            .range(0, 1_000, 1, 2)
            .selectExpr("id", "concat('t', id) as text", "if(id % 3 = 0, null, id * 7) as made")
            .selectExpr("text", "made + id as sum", "made * made as square", "id", "made is null");
    try (KeptRows kept = KeptRows.of(rows)) {
      assertThat(kept.rows().collectAsList()).isEqualTo(rows.collectAsList());
    }
  }

  @Test
  void noRowsAreKeptToo() {
    try (KeptRows kept = KeptRows.of(session.range(0).select(col("id")))) {
      assertThat(kept.rows().collectAsList()).isEmpty();
    }
  }

  @Test
  void rowsAreComputedOnce() {
    COMPUTED.set(0);
    Dataset<Row> rows =
        session
            .range(0, 100, 1, 2)
            .select(
                udf(
                        (UDF1<Long, Long>)
                            id -> {
                              COMPUTED.incrementAndGet();
                              return id;
                            },
                        DataTypes.LongType)
                    .asNondeterministic()
                    .apply(col("id"))
                    .as("id"));
    try (KeptRows kept = KeptRows.of(rows)) {
      assertThat(kept.rows().count()).isEqualTo(100);
      assertThat(kept.rows().where(col("id").gt(lit(49))).count()).isEqualTo(50);
      assertThat(COMPUTED).hasValue(100);
    }
  }
}
