package io.shoplens.link;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Outbound clicks with what their links resolve to. */
public final class OutboundClicks {
  private static final String LINK = "link";

  private OutboundClicks() {}

  /**
   * The rows of {@code silver.outbound_links}: every {@code outbound_click} and {@code
   * outbound_blocked}, bots' included. A click without a URL counts as one with an unparsable one.
   *
   * @param sessionized sessionized events with the column {@code link}, a {@link Links#RESOLVED}
   */
  public static Dataset<Row> of(Dataset<Row> sessionized) {
    return sessionized
        .where(col(EVENT_TYPE).isin("outbound_click", "outbound_blocked"))
        .select(
            col(EVENT_ID),
            col(EVENT_TYPE),
            col(EVENT_AT),
            col(EVENT_DATE),
            col(MARKET),
            col(REGION),
            col(USER_ID),
            col(DEVICE_ID),
            col(SURFACE),
            col(CONTENT_ID),
            col(CREATOR_ID),
            col(PRODUCT_ID),
            col(CATEGORY),
            link(FINAL_URL),
            link(HOST),
            link(REGISTRABLE_DOMAIN),
            link(MERCHANT),
            link(MERCHANT_GROUP),
            link(PARENT_GROUP),
            orElse(LINK_KIND, lit(LinkKinds.UNPARSABLE)),
            orElse(CERTAINTY, lit(Certainty.UNPARSABLE.text())),
            orElse(IS_COMPETITOR, lit(false)),
            link(PRODUCT_KEY),
            link(AFFILIATE_NETWORK),
            link(TRACKING_PARAMETERS),
            link(AFFILIATE_PARAMETERS),
            col(IS_BOT));
  }

  private static Column link(String field) {
    return col(LINK).getField(field).as(field);
  }

  private static Column orElse(String field, Column otherwise) {
    return coalesce(col(LINK).getField(field), otherwise).as(field);
  }
}
