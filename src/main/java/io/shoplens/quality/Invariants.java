package io.shoplens.quality;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.shoplens.config.AttributionSettings.Model;
import io.shoplens.table.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The invariants of a run. Each yields one row: check_name, expectation, examined, violations and
 * an example. Source: definitions, section 8.
 */
public final class Invariants {
  static final String BROKEN = "broken";
  static final String WHERE = "where";

  /** The check whose example takes another look: see {@link #repeatedKeys}. */
  public static final String KEYS_ARE_UNIQUE = "keys_are_unique";

  /** The check that counts orphans: see {@link #orphansStandApart}. */
  public static final String ORPHANS_STAND_APART = "orphans_stand_apart";

  private static final Column[] HASHED = {col("hash"), col("other_hash"), col("table")};
  private static final List<String> CURRENCIES = List.of("_local", "_reporting");
  private static final List<String> ADDED =
      List.of(UNITS, GMV_LOCAL, NET_GMV_LOCAL, GMV_REPORTING, NET_GMV_REPORTING);

  private Invariants() {}

  /** Every input file: records = accepted + duplicate + rejected + blank. */
  public static Dataset<Row> filesBalance(Dataset<Row> ledger) {
    return verdict(
        "files_balance",
        "every file: records = accepted + duplicate + rejected + blank",
        ledger
            .where(col(RECORDS).isNotNull())
            .select(
                col(RECORDS)
                    .notEqual(
                        col(ACCEPTED).plus(col(DUPLICATE)).plus(col(REJECTED)).plus(col(BLANK)))
                    .as(BROKEN),
                col(PATH).as(WHERE)));
  }

  /**
   * Every movement of an order line, model and touch set: credits add up to V and net credits to V
   * or to minus what was reversed, in both currencies.
   *
   * @param models those that every movement is to be credited by
   */
  public static Dataset<Row> creditsAddUp(
      Dataset<Row> credits, Dataset<Row> history, List<Model> models) {
    String[] movement = {ORDER_ID, ORDER_EVENT_ID, LINE_ID, ENTRY};
    Dataset<Row> credited =
        credits
            .groupBy(columns(movement, MODEL, TOUCH_SET))
            .agg(
                sum(CREDIT_LOCAL).as(CREDIT_LOCAL),
                sum(CREDIT_REPORTING).as(CREDIT_REPORTING),
                sum(NET_CREDIT_LOCAL).as(NET_CREDIT_LOCAL),
                sum(NET_CREDIT_REPORTING).as(NET_CREDIT_REPORTING));
    Column isSale = col(ENTRY).equalTo("sale");
    Column isReversal =
        col(ENTRY).isin("cancelled", "refunded").and(col(IS_LINKED)).and(col(LINE_ID).isNotNull());
    Dataset<Row> moved =
        history
            .where(isSale.or(isReversal))
            .select(
                columns(movement, GMV_LOCAL, GMV_REPORTING, REVERSED_LOCAL, REVERSED_REPORTING));
    Column addsUp =
        when(
                isSale,
                same(CREDIT_LOCAL, col(GMV_LOCAL))
                    .and(same(CREDIT_REPORTING, col(GMV_REPORTING)))
                    .and(same(NET_CREDIT_LOCAL, col(GMV_LOCAL)))
                    .and(same(NET_CREDIT_REPORTING, col(GMV_REPORTING))))
            .otherwise(
                same(NET_CREDIT_LOCAL, negate(col(REVERSED_LOCAL)))
                    .and(same(NET_CREDIT_REPORTING, negate(col(REVERSED_REPORTING)))));
    return verdict(
        "credits_add_up",
        "every line sold or reversed, model and touch set: credits = V, net credits = V or minus"
            + " the amount, in both currencies",
        moved
            .transform(rows -> byModel(rows, models))
            .join(credited, strings(movement, MODEL, TOUCH_SET), "full_outer")
            .select(
                not(addsUp).as(BROKEN),
                concat_ws(" ", columns(movement, MODEL, TOUCH_SET)).as(WHERE)));
  }

  /** The rows, once for every model and touch set. */
  private static Dataset<Row> byModel(Dataset<Row> rows, List<Model> models) {
    return rows.withColumn(
            MODEL, oneEach(models.stream().map(model -> model.name().toLowerCase(Locale.ROOT))))
        .withColumn(TOUCH_SET, oneEach(Stream.of("entry", "all")));
  }

  private static Column oneEach(Stream<String> values) {
    return explode(array(values.map(value -> lit(value)).toArray(Column[]::new)));
  }

  /**
   * Daily credits summed over class and channel = daily GMV of the same orders.
   *
   * @param models those that every date is to be credited by
   */
  public static Dataset<Row> dailyCreditsMatchGmv(
      Dataset<Row> dailyAttribution, Dataset<Row> dailyGmv, List<Model> models) {
    Dataset<Row> credited =
        dailyAttribution
            .where(col(SALES_CHANNEL).equalTo("in_app"))
            .groupBy(MARKET, CREDIT_DATE, CURRENCY, MODEL, TOUCH_SET)
            .agg(sum(CREDIT_LOCAL).as(CREDIT_LOCAL), sum(CREDIT_REPORTING).as(CREDIT_REPORTING));
    Dataset<Row> sold =
        dailyGmv.select(
            col(MARKET),
            col(GMV_DATE).as(CREDIT_DATE),
            col(CURRENCY),
            col(GMV_LOCAL),
            col(GMV_REPORTING));
    return verdict(
        "daily_credits_match_gmv",
        "every market, date, currency, model and touch set: credits = GMV",
        credited
            .join(
                sold.transform(rows -> byModel(rows, models)),
                new String[] {MARKET, CREDIT_DATE, CURRENCY, MODEL, TOUCH_SET},
                "full_outer")
            .select(
                differ(col(CREDIT_LOCAL), col(GMV_LOCAL))
                    .or(differ(col(CREDIT_REPORTING), col(GMV_REPORTING)))
                    .as(BROKEN),
                concat_ws(
                        " ",
                        col(MARKET),
                        col(CREDIT_DATE),
                        col(CURRENCY),
                        col(MODEL),
                        col(TOUCH_SET))
                    .as(WHERE)));
  }

  /** Gross - seller discount - cancelled - refunded = net, per row of daily GMV. */
  public static Dataset<Row> netFollowsFromGross(Dataset<Row> dailyGmv) {
    return verdict(
        "net_follows_from_gross",
        "every market, date and currency: GMV - seller discount - cancelled - refunded = net",
        dailyGmv.select(
            differ(
                    net(GMV_LOCAL, SELLER_DISCOUNT_LOCAL, CANCELLED_LOCAL, REFUNDED_LOCAL),
                    col(NET_GMV_LOCAL))
                .or(
                    differ(
                        net(
                            GMV_REPORTING,
                            SELLER_DISCOUNT_REPORTING,
                            CANCELLED_REPORTING,
                            REFUNDED_REPORTING),
                        col(NET_GMV_REPORTING)))
                .as(BROKEN),
            concat_ws(" ", col(MARKET), col(GMV_DATE), col(CURRENCY)).as(WHERE)));
  }

  /**
   * Daily GMV and daily external GMV, and their nets, add up to the movements they are made of, in
   * total per sales channel, market, date and currency, in order and in reporting currency.
   */
  public static Dataset<Row> dailyGmvMatchesHistory(
      Dataset<Row> dailyGmv, Dataset<Row> dailyExternalGmv, Dataset<Row> history) {
    String[] keys = {SALES_CHANNEL, MARKET, GMV_DATE, CURRENCY};
    Column[] sums = movedSums();
    Dataset<Row> moved =
        history
            .withColumn(GMV_DATE, col(ENTRY_DATE))
            .groupBy(columns(keys))
            .agg(sums[0], Arrays.copyOfRange(sums, 1, sums.length));
    Dataset<Row> published =
        published(dailyGmv, "in_app", "gmv")
            .unionByName(published(dailyExternalGmv, "external", "external_gmv"));
    Column isOff =
        CURRENCIES.stream()
            .flatMap(in -> Stream.of("gmv" + in, "reversed" + in, "net" + in))
            .map(figure -> differ(col("moved_" + figure), col(figure)))
            .reduce(Column::or)
            .orElseThrow();
    return verdict(
        "daily_gmv_matches_history",
        "every sales channel, market, date and currency: GMV, reversals and net = the sums of the"
            + " order lines' movements, in both currencies",
        moved
            .join(published, keys, "full_outer")
            .select(isOff.as(BROKEN), concat_ws(" ", columns(keys)).as(WHERE)));
  }

  private static Column[] movedSums() {
    return CURRENCIES.stream()
        .flatMap(
            in -> {
              Column reversed =
                  total(when(col(ENTRY).isin("cancelled", "refunded"), col("reversed" + in)));
              Column gmv = total(col("gmv" + in));
              Column net = gmv.minus(total(col("seller_discount" + in))).minus(reversed);
              return Stream.of(
                  gmv.as("moved_gmv" + in),
                  reversed.as("moved_reversed" + in),
                  net.as("moved_net" + in));
            })
        .toArray(Column[]::new);
  }

  private static Dataset<Row> published(Dataset<Row> daily, String salesChannel, String gross) {
    Column[] sums =
        CURRENCIES.stream()
            .flatMap(
                in ->
                    Stream.of(
                        sum(gross + in).as("gmv" + in),
                        sum(col("cancelled" + in).plus(col("refunded" + in))).as("reversed" + in),
                        sum("net_" + gross + in).as("net" + in)))
            .toArray(Column[]::new);
    return daily
        .groupBy(lit(salesChannel).as(SALES_CHANNEL), col(MARKET), col(GMV_DATE), col(CURRENCY))
        .agg(sums[0], Arrays.copyOfRange(sums, 1, sums.length));
  }

  private static Column total(Column amount) {
    return sum(coalesce(amount, lit(0)));
  }

  /**
   * Daily GMV by some dimension adds up to daily GMV: units, GMV and net GMV.
   *
   * @param parts tables with rows per market, date and currency, by the name of their dimension
   */
  public static Dataset<Row> partsAddUp(Dataset<Row> dailyGmv, Map<String, Dataset<Row>> parts) {
    Dataset<Row> sides =
        amounts(dailyGmv, -1)
            .withColumn(
                "dimension",
                explode(
                    array(parts.keySet().stream().map(name -> lit(name)).toArray(Column[]::new))));
    for (Map.Entry<String, Dataset<Row>> part : parts.entrySet()) {
      sides =
          sides.unionByName(
              amounts(part.getValue(), 1).withColumn("dimension", lit(part.getKey())));
    }
    Column[] totals = ADDED.stream().map(name -> sum(name).as(name)).toArray(Column[]::new);
    Column isOff =
        ADDED.stream().map(name -> col(name).notEqual(0)).reduce(Column::or).orElseThrow();
    return verdict(
        "parts_add_up",
        "every market, date and currency: categories and creators add up to daily GMV",
        sides
            .groupBy("dimension", MARKET, GMV_DATE, CURRENCY)
            .agg(totals[0], Arrays.copyOfRange(totals, 1, totals.length))
            .select(
                isOff.as(BROKEN),
                concat_ws(" ", col("dimension"), col(MARKET), col(GMV_DATE), col(CURRENCY))
                    .as(WHERE)));
  }

  private static Dataset<Row> amounts(Dataset<Row> rows, int sign) {
    Column[] signed =
        ADDED.stream()
            .map(name -> coalesce(col(name), lit(0)).multiply(lit(sign)).as(name))
            .toArray(Column[]::new);
    Column[] all =
        Arrays.copyOf(columns(new String[] {MARKET, GMV_DATE, CURRENCY}), 3 + signed.length);
    System.arraycopy(signed, 0, all, 3, signed.length);
    return rows.select(all);
  }

  /** Every outbound click is there once, with one certainty. */
  public static Dataset<Row> clicksHaveOneCertainty(Dataset<Row> outboundLinks) {
    return verdict(
        "clicks_have_one_certainty",
        "every outbound click: exactly one certainty",
        outboundLinks
            .groupBy(EVENT_ID, EVENT_DATE)
            .agg(count(lit(1)).as("rows"), count(col(CERTAINTY)).as("certainties"))
            .select(
                col("rows").notEqual(1).or(col("certainties").notEqual(1)).as(BROKEN),
                col(EVENT_ID).as(WHERE)));
  }

  /**
   * Every human outbound click is in exactly one leak per window, and so in one state. An id may
   * come again on another date: what is in a leak are clicks of one person for one key, from its
   * first to its last.
   *
   * @param outboundLinks clicks of some dates
   * @param leaks leaks of these dates and of a window's length before
   */
  public static Dataset<Row> clicksHaveOneState(Dataset<Row> outboundLinks, Dataset<Row> leaks) {
    Dataset<Row> clicks =
        outboundLinks
            .where(col(EVENT_TYPE).equalTo("outbound_click").and(not(col(IS_BOT))))
            .select(
                col(EVENT_ID),
                col(EVENT_AT),
                person().as("person"),
                coalesce(col(PRODUCT_ID), col(PRODUCT_KEY), col(MERCHANT_GROUP)).as("key"));
    Dataset<Row> members =
        leaks
            .where(col(STATE).isNotNull())
            .select(
                explode(array_distinct(col(CLICK_IDS))).as("member"),
                person().as("whose"),
                col(LEAK_KEY),
                col(LEAK_AT),
                col(LAST_CLICK_AT),
                col(WINDOW_DAYS));
    Column isIn =
        col("member")
            .equalTo(col(EVENT_ID))
            .and(col("whose").eqNullSafe(col("person")))
            .and(col(LEAK_KEY).eqNullSafe(col("key")))
            .and(col(EVENT_AT).between(col(LEAK_AT), col(LAST_CLICK_AT)));
    return verdict(
        "clicks_have_one_state",
        "every human outbound click: one leak, and so one state, per window",
        clicks
            .join(members, isIn, "left_outer")
            .groupBy(EVENT_ID, EVENT_AT, "person", "key")
            .agg(
                count(when(col(WINDOW_DAYS).equalTo(1), lit(1))).as("day"),
                count(when(col(WINDOW_DAYS).equalTo(7), lit(1))).as("week"))
            .select(
                col("day").notEqual(1).or(col("week").notEqual(1)).as(BROKEN),
                col(EVENT_ID).as(WHERE)));
  }

  private static Column person() {
    return coalesce(concat(lit("user "), col(USER_ID)), concat(lit("device "), col(DEVICE_ID)));
  }

  /**
   * Orders that were never placed are out of the basis. How many there are is how many it examines.
   */
  public static Dataset<Row> orphansStandApart(Dataset<Row> orders) {
    return verdict(
        ORPHANS_STAND_APART,
        "every order that was never placed: not in the basis, and nothing of it in GMV",
        orders
            .where(col(IS_ORPHAN))
            .select(
                col(BASIS_DATE).isNotNull().or(differ(col(GMV_LOCAL), lit(0))).as(BROKEN),
                col(ORDER_ID).as(WHERE)));
  }

  /**
   * No movement lacks an exchange rate into the reporting currency, and no day one into its
   * market's. What is in another currency than its order's counts in nothing and needs none.
   */
  public static Dataset<Row> ratesAreKnown(Dataset<Row> history, Dataset<Row> dailyEconomics) {
    return verdict(
        "rates_are_known",
        "every movement, and every day in its market's currency: an exchange rate of its date, or"
            + " one that may still be carried to it",
        history
            .where(col(ENTRY).notEqual("other_currency"))
            .select(
                col(IS_RATE_MISSING).as(BROKEN),
                concat_ws(" ", col(CURRENCY), col(ENTRY_DATE)).as(WHERE))
            .unionByName(
                dailyEconomics.select(
                    col(MISSING_RATES).gt(0).as(BROKEN),
                    concat_ws(" ", col(CURRENCY), col(GMV_DATE)).as(WHERE))));
  }

  /**
   * No key of a table is there twice. Keys are compared by two hashes, so that one aggregation of
   * narrow rows serves every table. Its example is the table alone: to carry the keys along, all
   * rows would have to be sorted. {@link #repeatedKeys} has them.
   */
  public static Dataset<Row> keysAreUnique(Map<Table, Dataset<Row>> tables) {
    return verdict(
        KEYS_ARE_UNIQUE,
        "every key of every table: one row",
        hashedKeys(tables)
            .groupBy(HASHED)
            .agg(count(lit(1)).as("rows"))
            .select(col("rows").gt(1).as(BROKEN), col("table").as(WHERE)));
  }

  /** The keys that are there more than once, as text with their table. */
  public static Dataset<Row> repeatedKeys(Map<Table, Dataset<Row>> tables) {
    return hashedKeys(tables)
        .groupBy(HASHED)
        .agg(count(lit(1)).as("rows"), min(WHERE).as(WHERE))
        .where(col("rows").gt(1))
        .select(concat_ws(" ", col("table"), col(WHERE)).as(WHERE))
        .orderBy(WHERE);
  }

  private static Dataset<Row> hashedKeys(Map<Table, Dataset<Row>> tables) {
    return union(
        tables.entrySet().stream()
            .map(entry -> hashedKeys(entry.getKey(), entry.getValue()))
            .toList());
  }

  private static Dataset<Row> hashedKeys(Table table, Dataset<Row> rows) {
    Column[] key = columns(table.key().toArray(String[]::new));
    Column[] hashed = Arrays.copyOf(key, key.length + 1);
    // Hashes skip NULLs, so which columns are NULL is hashed too.
    hashed[key.length] = array(Arrays.stream(key).map(Column::isNull).toArray(Column[]::new));
    return rows.select(
        lit(table.name()).as("table"),
        xxhash64(hashed).as("hash"),
        hash(hashed).as("other_hash"),
        concat_ws(" ", key).as(WHERE));
  }

  /** All verdicts in one dataset, so that one collection runs every check. */
  public static Dataset<Row> all(List<Dataset<Row>> verdicts) {
    return union(verdicts);
  }

  /** In halves: every union analyzes all below it anew, which one by one grows with the square. */
  private static Dataset<Row> union(List<Dataset<Row>> parts) {
    int half = parts.size() / 2;
    return half == 0
        ? parts.get(0)
        : union(parts.subList(0, half)).unionByName(union(parts.subList(half, parts.size())));
  }

  static Dataset<Row> verdict(String name, String expectation, Dataset<Row> cases) {
    return cases
        .agg(
            count(lit(1)).as(EXAMINED),
            coalesce(sum(when(col(BROKEN), lit(1L)).otherwise(lit(0L))), lit(0L)).as(VIOLATIONS),
            min(when(col(BROKEN), col(WHERE))).as(EXAMPLE))
        .select(
            lit(name).as(CHECK_NAME),
            lit(expectation).as(EXPECTATION),
            col(EXAMINED),
            col(VIOLATIONS),
            col(EXAMPLE));
  }

  private static Column net(String gross, String discount, String cancelled, String refunded) {
    return col(gross).minus(col(discount)).minus(col(cancelled)).minus(col(refunded));
  }

  private static Column same(String sum, Column expected) {
    return col(sum).eqNullSafe(expected);
  }

  private static Column differ(Column left, Column right) {
    return abs(coalesce(left, lit(0)).minus(coalesce(right, lit(0)))).gt(0);
  }

  private static Column[] columns(String[] names, String... more) {
    return Arrays.stream(strings(names, more)).map(name -> col(name)).toArray(Column[]::new);
  }

  private static String[] strings(String[] names, String... more) {
    String[] all = Arrays.copyOf(names, names.length + more.length);
    System.arraycopy(more, 0, all, names.length, more.length);
    return all;
  }
}
