package io.shoplens.leakage;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Links that took people to competitors, or may have, day by day. */
public final class LeakedLinkDays {
  private static final String PERSON = "person";

  private LeakedLinkDays() {}

  /** The rows of {@code gold.leaked_links} from those of {@code silver.outbound_links}. */
  public static Dataset<Row> of(Dataset<Row> outboundLinks) {
    return outboundLinks
        .transform(CompetitorClicks::humanClicks)
        .where(CompetitorClicks.isToCompetitor().or(CompetitorClicks.isOpaque()))
        .select(
            col(MARKET),
            col(EVENT_DATE).as(CLICK_DATE),
            col(REGISTRABLE_DOMAIN),
            ofCompetitor(MERCHANT_GROUP),
            ofCompetitor(PARENT_GROUP),
            col(CERTAINTY),
            col(CREATOR_ID),
            col(CONTENT_ID),
            col(PRODUCT_ID),
            CompetitorClicks.person().as(PERSON))
        .groupBy(
            MARKET,
            CLICK_DATE,
            REGISTRABLE_DOMAIN,
            MERCHANT_GROUP,
            CERTAINTY,
            CREATOR_ID,
            CONTENT_ID,
            PRODUCT_ID)
        .agg(
            min(PARENT_GROUP).as(PARENT_GROUP),
            count(lit(1)).as(CLICKS),
            count_distinct(col(PERSON)).as(PEOPLE));
  }

  private static Column ofCompetitor(String column) {
    return when(CompetitorClicks.isToCompetitor(), col(column)).as(column);
  }
}
