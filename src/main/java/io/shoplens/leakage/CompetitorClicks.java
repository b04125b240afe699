package io.shoplens.leakage;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What counts as a click, as one to a competitor, as one that may be, and who a person is. */
final class CompetitorClicks {
  private CompetitorClicks() {}

  /** Outbound clicks by people: bots and blocked clicks left out. */
  static Dataset<Row> humanClicks(Dataset<Row> outboundLinks) {
    return outboundLinks.where(col(EVENT_TYPE).equalTo("outbound_click").and(not(col(IS_BOT))));
  }

  static Column isToCompetitor() {
    return col(IS_COMPETITOR).and(col(CERTAINTY).isin("direct", "decoded", "known"));
  }

  static Column isOpaque() {
    return col(CERTAINTY).equalTo("opaque");
  }

  static Column person() {
    return coalesce(col(USER_ID), col(DEVICE_ID));
  }
}
