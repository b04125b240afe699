package io.shoplens.clickstream;

import static io.shoplens.table.Columns.CATEGORY;
import static io.shoplens.table.Columns.CHANNEL;
import static io.shoplens.table.Columns.CONTENT_ID;
import static io.shoplens.table.Columns.CREATOR_ID;
import static io.shoplens.table.Columns.DEVICE_ID;
import static io.shoplens.table.Columns.EVENT_AT;
import static io.shoplens.table.Columns.EVENT_DATE;
import static io.shoplens.table.Columns.EVENT_ID;
import static io.shoplens.table.Columns.EVENT_TYPE;
import static io.shoplens.table.Columns.HOST;
import static io.shoplens.table.Columns.INTERACTION;
import static io.shoplens.table.Columns.IS_BOT;
import static io.shoplens.table.Columns.IS_ENTRY;
import static io.shoplens.table.Columns.IS_OUTBOUND;
import static io.shoplens.table.Columns.LINK;
import static io.shoplens.table.Columns.MARKET;
import static io.shoplens.table.Columns.MERCHANT_GROUP;
import static io.shoplens.table.Columns.PRODUCT_ID;
import static io.shoplens.table.Columns.REGISTRABLE_DOMAIN;
import static io.shoplens.table.Columns.SESSION_ID;
import static io.shoplens.table.Columns.SURFACE;
import static io.shoplens.table.Columns.TOUCH_AT;
import static io.shoplens.table.Columns.TOUCH_CLASS;
import static io.shoplens.table.Columns.TOUCH_DATE;
import static io.shoplens.table.Columns.USER_ID;
import static io.shoplens.table.Columns.UTM_CAMPAIGN;
import static io.shoplens.table.Columns.UTM_MEDIUM;
import static io.shoplens.table.Columns.UTM_SOURCE;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import io.shoplens.config.Reference;
import io.shoplens.config.Reference.OwnDomain;
import io.shoplens.config.Reference.TouchRule;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/** Human events that can earn credit for an order: {@code silver.touchpoints}. */
public final class Touches {
  static final String REFERRER_DOMAIN = "_referrer_domain";

  private static final String BY_SOURCE = "by_source";
  private static final String EXTERNAL_LINK = "external_link";
  private static final String DIRECT = "direct";

  private Touches() {}

  /**
   * The touchpoints among events: those of people, not bots, that a touch rule names.
   *
   * <p>An own domain or a payment provider is never a referrer: a visit from there has none. A
   * referrer without a registrable domain, such as an IP address, goes by its host.
   *
   * @param sessionized events as {@link SessionizedEvents} marks them
   * @return rows of silver.touchpoints, unique by event_id
   */
  public static Dataset<Row> of(Dataset<Row> sessionized, Reference reference) {
    return sessionized
        .where(not(col(IS_BOT)))
        .transform(rows -> withRule(rows, reference.touchRules()))
        .transform(rows -> withOrigin(rows, reference.ownDomains()))
        .withColumn(TOUCH_CLASS, touchClass())
        .withColumn(CHANNEL, Channels.of(reference.channelRules()))
        .select(
            col(EVENT_ID),
            col(EVENT_TYPE),
            col(EVENT_AT).as(TOUCH_AT),
            col(EVENT_DATE).as(TOUCH_DATE),
            col(MARKET),
            col(USER_ID),
            col(DEVICE_ID),
            col(SESSION_ID),
            isA(EventTypes.OUTBOUND_CLICK).as(IS_OUTBOUND),
            col(TOUCH_CLASS),
            col(CHANNEL),
            col(INTERACTION),
            col(SURFACE),
            col(PRODUCT_ID),
            col(CATEGORY),
            col(CONTENT_ID),
            col(CREATOR_ID),
            col(MERCHANT_GROUP))
        .withColumn(IS_ENTRY, isEntry());
  }

  /** Class and interaction of the first rule that names event type and surface; others go. */
  private static Dataset<Row> withRule(Dataset<Row> events, List<TouchRule> rules) {
    return events
        .withColumn(TOUCH_CLASS, firstMatch(rules, TouchRule::touchClass))
        .withColumn(INTERACTION, firstMatch(rules, TouchRule::interaction))
        .where(col(TOUCH_CLASS).isNotNull());
  }

  private static Column firstMatch(List<TouchRule> rules, Function<TouchRule, String> value) {
    Column result = lit(null).cast("string");
    for (int i = rules.size() - 1; i >= 0; i--) {
      TouchRule rule = rules.get(i);
      Column named =
          rule.surface()
              .map(surface -> isA(rule.eventType()).and(col(SURFACE).equalTo(surface)))
              .orElse(isA(rule.eventType()));
      result = when(named, lit(value.apply(rule))).otherwise(result);
    }
    return result;
  }

  /** Where a touch came from or led to: a visit's referrer and the merchant group of either. */
  private static Dataset<Row> withOrigin(Dataset<Row> events, List<OwnDomain> ownDomains) {
    Column isReferred = isA(EventTypes.INBOUND_VISIT).and(not(isOwn(ownDomains)));
    return events
        .withColumn(
            REFERRER_DOMAIN, when(isReferred, coalesce(link(REGISTRABLE_DOMAIN), link(HOST))))
        .withColumn(
            MERCHANT_GROUP,
            when(isReferred.or(isA(EventTypes.OUTBOUND_CLICK)), link(MERCHANT_GROUP)));
  }

  /** Whether the link's host is one of the domains, or below one. */
  private static Column isOwn(List<OwnDomain> ownDomains) {
    Column isOwn = lit(false);
    for (OwnDomain own : ownDomains) {
      String domain = own.domain().toLowerCase(Locale.ROOT);
      isOwn =
          isOwn
              .or(link(REGISTRABLE_DOMAIN).equalTo(domain))
              .or(link(HOST).equalTo(domain))
              .or(link(HOST).endsWith("." + domain));
    }
    return coalesce(isOwn, lit(false));
  }

  private static Column touchClass() {
    Column isExternal =
        col(REFERRER_DOMAIN)
            .isNotNull()
            .or(col(UTM_SOURCE).isNotNull())
            .or(col(UTM_MEDIUM).isNotNull())
            .or(col(UTM_CAMPAIGN).isNotNull());
    return when(
            col(TOUCH_CLASS).equalTo(BY_SOURCE),
            when(isExternal, lit(EXTERNAL_LINK)).otherwise(lit(DIRECT)))
        .otherwise(col(TOUCH_CLASS));
  }

  /** The first of its session by instant and id, outbound clicks apart; every outbound click. */
  private static Column isEntry() {
    Column rank =
        row_number()
            .over(
                Window.partitionBy(SESSION_ID, IS_OUTBOUND).orderBy(col(TOUCH_AT), col(EVENT_ID)));
    return col(IS_OUTBOUND).or(rank.equalTo(1));
  }

  private static Column isA(String eventType) {
    return col(EVENT_TYPE).equalTo(eventType);
  }

  private static Column link(String field) {
    return col(LINK).getField(field);
  }
}
