package io.shoplens.attribution;

import static io.shoplens.attribution.Movement.AMOUNT_LOCAL;
import static io.shoplens.attribution.Movement.AMOUNT_REPORTING;
import static io.shoplens.attribution.Movement.PERSON;
import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.shoplens.attribution.PathSummary.Claimants;
import io.shoplens.attribution.TouchPath.Windows;
import io.shoplens.config.AttributionSettings;
import io.shoplens.config.AttributionSettings.PathOption;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.CoGroupFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Credit rows of one person, from the person's order movements and touches, each in the order of
 * time. Per-row Java because a path depends on the touches before it in ways no window function can
 * express in bounded memory. Instants are microseconds, dates days of the epoch.
 */
final class CreditRows implements CoGroupFunction<String, Row, Row, Row> {
  static final String KNOWN_AT = "known_at";

  /** A touch of a person. */
  static final StructType TOUCH =
      new StructType()
          .add(PERSON, StringType)
          .add(TOUCH_AT, LongType)
          .add(KNOWN_AT, LongType)
          .add(EVENT_ID, StringType)
          .add(IS_ENTRY, BooleanType)
          .add(IS_OUTBOUND, BooleanType)
          .add(TOUCH_CLASS, StringType)
          .add(CHANNEL, StringType)
          .add(INTERACTION, StringType)
          .add(SURFACE, StringType)
          .add(PRODUCT_ID, StringType)
          .add(CATEGORY, StringType)
          .add(CONTENT_ID, StringType)
          .add(CREATOR_ID, StringType)
          .add(MERCHANT_GROUP, StringType);

  static final String PATH_CHANNELS = "path_channels";
  static final String PATH_LAG = "path_lag";
  static final String IS_EXTERNAL = "path_is_external";
  static final String CLAIMS = "path_claims";

  /**
   * A part of a movement's amount, with its sign: negative for a reversal. What is told of the path
   * as a whole stands in the one row of last_touch, and is NULL in others.
   */
  static final StructType CREDIT =
      new StructType()
          .add(ORDER_ID, StringType)
          .add(ORDER_EVENT_ID, StringType)
          .add(LINE_ID, StringType)
          .add(ENTRY, StringType)
          .add(MODEL, StringType)
          .add(TOUCH_SET, StringType)
          .add(TOUCH_RANK, IntegerType)
          .add(TOUCH_EVENT_ID, StringType)
          .add(TOUCH_AT, LongType)
          .add(TOUCH_CLASS, StringType)
          .add(CHANNEL, StringType)
          .add(INTERACTION, StringType)
          .add(SURFACE, StringType)
          .add(CONTENT_ID, StringType)
          .add(CREATOR_ID, StringType)
          .add(MATCH_LEVEL, StringType)
          .add(PATH_LENGTH, IntegerType)
          .add(PATH_DROPPED, IntegerType)
          .add(MARKET, StringType)
          .add(CREDIT_DATE, IntegerType)
          .add(ORDER_AT, LongType)
          .add(CURRENCY, StringType)
          .add(SALES_CHANNEL, StringType)
          .add(AMOUNT_LOCAL, Movement.MONEY)
          .add(AMOUNT_REPORTING, Movement.MONEY)
          .add(PATH_CHANNELS, StringType)
          .add(PATH_LAG, LongType)
          .add(IS_EXTERNAL, BooleanType)
          .add(CLAIMS, IntegerType);

  private static final String UNATTRIBUTED = "unattributed";

  private final AttributionModel[] models;
  private final Claimants claimants;
  private final int maximumTouches;
  private final Windows windows;
  private final HashMap<String, Windows> marketWindows = new HashMap<>();
  private final EnumSet<PathOption> pathOptions = EnumSet.noneOf(PathOption.class);
  private final String reportingCurrency;
  private final ChannelEffects effects;
  private final OrderWeeks weeks;

  CreditRows(
      AttributionSettings settings,
      String reportingCurrency,
      ChannelEffects effects,
      OrderWeeks weeks) {
    this.models =
        settings.models().stream().map(AttributionModel::of).toArray(AttributionModel[]::new);
    this.windows = Windows.of(settings.windows());
    settings.marketWindows().forEach((market, own) -> marketWindows.put(market, Windows.of(own)));
    this.claimants = Claimants.of(settings);
    this.maximumTouches = settings.maximumTouches();
    this.pathOptions.addAll(settings.pathOptions());
    this.reportingCurrency = reportingCurrency;
    this.effects = effects;
    this.weeks = weeks;
  }

  static long micros(Duration duration) {
    return TimeUnit.MICROSECONDS.convert(duration);
  }

  @Override
  public Iterator<Row> call(String person, Iterator<Row> movements, Iterator<Row> touches) {
    return new Sweep(movements, touches);
  }

  /**
   * Yields the credits of one movement after the other; holds those of one at a time.
   *
   * <p>Reversals of a line follow one another as {@link Allocation#next}: a line reversed whole, in
   * however many parts, takes back from every touch what its sale gave.
   */
  private final class Sweep implements Iterator<Row> {
    private final Iterator<Row> movements;
    private final Iterator<Row> touches;
    private final PersonPaths personPaths = new PersonPaths(maximumTouches, pathOptions);
    private final Queue<Row> ready = new ArrayDeque<>();
    private Touch nextTouch;
    private long sequence;
    private String order;
    private List<WeightedPath> paths;

    /** What was reversed so far of each line of the order. */
    private final Map<String, Amounts> reversed = new HashMap<>();

    Sweep(Iterator<Row> movements, Iterator<Row> touches) {
      this.movements = movements;
      this.touches = touches;
    }

    @Override
    public boolean hasNext() {
      fill();
      return !ready.isEmpty();
    }

    @Override
    public Row next() {
      fill();
      return ready.remove();
    }

    private void fill() {
      while (ready.isEmpty() && movements.hasNext()) {
        take(Movement.of(movements.next()));
      }
    }

    private void take(Movement movement) {
      if (movement.opens()) {
        takeTouchesBefore(movement.markerAt());
        personPaths.open(movement.order(), marketWindows.getOrDefault(movement.market(), windows));
        return;
      }
      if (!movement.order().id().equals(order)) {
        order = movement.order().id();
        paths = null;
        reversed.clear();
      }
      Amounts amounts = Amounts.of(movement, reportingCurrency);
      Amounts before =
          movement.isSale()
              ? amounts.none()
              : reversed.getOrDefault(movement.lineId(), amounts.none());
      if (movement.isWanted()) {
        takeTouchesBefore(movement.markerAt() + 1);
        credit(movement, amounts, before, pathsTo(movement));
      }
      if (!movement.isSale()) {
        reversed.put(movement.lineId(), before.plus(amounts));
      }
    }

    /** The paths of both touch sets, with the weights of all models: alike for all its lines. */
    private List<WeightedPath> pathsTo(Movement movement) {
      if (paths == null) {
        paths = new ArrayList<>();
        personPaths
            .close(movement.order())
            .forEach((touchSet, path) -> paths.add(weighted(movement, touchSet, path)));
      }
      return paths;
    }

    private WeightedPath weighted(Movement movement, TouchSet touchSet, TouchPath path) {
      RemovalEffects known =
          effects.of(
              movement.market(),
              movement.order().salesChannel(),
              touchSet,
              weeks.monday(movement.order().at(), movement.market(), movement.region()));
      BigInteger[][] weights =
          Arrays.stream(models)
              .map(model -> model.weights(path, known))
              .toArray(BigInteger[][]::new);
      return new WeightedPath(touchSet, path, PathSummary.of(path, claimants), weights);
    }

    private void takeTouchesBefore(long instant) {
      while (nextTouch != null || touches.hasNext()) {
        if (nextTouch == null) {
          nextTouch = touch(touches.next(), sequence++);
        }
        if (nextTouch.at() >= instant) {
          return;
        }
        personPaths.arrive(nextTouch);
        nextTouch = null;
      }
    }

    private void credit(
        Movement movement, Amounts amounts, Amounts before, List<WeightedPath> weightedPaths) {
      for (WeightedPath path : weightedPaths) {
        for (int model = 0; model < models.length; model++) {
          credit(movement, amounts, before, path, model);
        }
      }
    }

    private void credit(
        Movement movement, Amounts amounts, Amounts before, WeightedPath path, int model) {
      BigInteger[] weights = path.weights()[model];
      if (Weights.areZero(weights)) {
        ready.add(row(movement, models[model], path, -1, amounts));
        return;
      }
      Amounts[] parts = amounts.splitAfter(before, weights);
      for (int i = 0; i < parts.length; i++) {
        if (weights[i].signum() > 0 && (amounts.isZero() || !parts[i].isZero())) {
          ready.add(row(movement, models[model], path, i, parts[i]));
        }
      }
    }
  }

  /** A path with what it tells as a whole, and weights by model. */
  private record WeightedPath(
      TouchSet touchSet, TouchPath path, PathSummary summary, BigInteger[][] weights) {}

  /** An amount in minor units of the order's and of the reporting currency, the latter if known. */
  private record Amounts(
      BigInteger local, BigInteger reporting, int localDigits, int reportingDigits) {

    static Amounts of(Movement movement, String reportingCurrency) {
      int localDigits = digits(movement.currency());
      int reportingDigits = digits(reportingCurrency);
      return new Amounts(
          minorUnits(movement.amountLocal(), localDigits),
          minorUnits(movement.amountReporting(), reportingDigits),
          localDigits,
          reportingDigits);
    }

    boolean isZero() {
      return local.signum() == 0 && (reporting == null || reporting.signum() == 0);
    }

    /** Nothing, in the same currencies. */
    Amounts none() {
      return new Amounts(BigInteger.ZERO, BigInteger.ZERO, localDigits, reportingDigits);
    }

    /** The sum, of the reporting amounts as far as they are known. */
    Amounts plus(Amounts other) {
      return new Amounts(
          local.add(other.local),
          other.reporting == null ? reporting : reporting.add(other.reporting),
          localDigits,
          reportingDigits);
    }

    /** The parts of what comes after an amount that was split by the same weights. */
    Amounts[] splitAfter(Amounts before, BigInteger[] weights) {
      BigInteger[] locals = Allocation.next(before.local, local, weights);
      BigInteger[] reportings =
          reporting == null
              ? new BigInteger[weights.length]
              : Allocation.next(before.reporting, reporting, weights);
      return IntStream.range(0, weights.length)
          .mapToObj(i -> new Amounts(locals[i], reportings[i], localDigits, reportingDigits))
          .toArray(Amounts[]::new);
    }

    BigDecimal localMoney() {
      return new BigDecimal(local, localDigits);
    }

    BigDecimal reportingMoney() {
      return reporting == null ? null : new BigDecimal(reporting, reportingDigits);
    }

    private static int digits(String currency) {
      return Currency.getInstance(currency).getDefaultFractionDigits();
    }

    private static BigInteger minorUnits(BigDecimal amount, int digits) {
      return amount == null ? null : amount.setScale(digits).unscaledValue();
    }
  }

  /** Reads a row of {@link #TOUCH}. */
  private static Touch touch(Row row, long sequence) {
    return new Touch(
        sequence,
        row.getLong(1),
        row.getLong(2),
        row.getString(3),
        row.getBoolean(4),
        row.getBoolean(5),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        row.getString(9),
        row.getString(10),
        row.getString(11),
        row.getString(12),
        row.getString(13),
        row.getString(14));
  }

  private static Row row(
      Movement movement,
      AttributionModel model,
      WeightedPath weighted,
      int position,
      Amounts amounts) {
    TouchPath path = weighted.path();
    PathSummary summary = model == AttributionModel.LAST_TOUCH ? weighted.summary() : null;
    Touch touch = position < 0 ? null : path.touches().get(position);
    return RowFactory.create(
        movement.order().id(),
        movement.orderEventId(),
        movement.lineId(),
        movement.entry(),
        model.id(),
        weighted.touchSet().id(),
        position + 1,
        touch == null ? null : touch.eventId(),
        touch == null ? null : touch.at(),
        touch == null ? UNATTRIBUTED : touch.touchClass(),
        touch == null ? null : touch.channel(),
        touch == null ? null : touch.interaction(),
        touch == null ? null : touch.surface(),
        touch == null ? null : touch.contentId(),
        touch == null ? null : touch.creatorId(),
        touch == null ? null : matchLevel(touch, movement),
        path.length(),
        path.dropped(),
        movement.market(),
        movement.creditDate(),
        movement.order().at(),
        movement.currency(),
        movement.order().salesChannel(),
        amounts.localMoney(),
        amounts.reportingMoney(),
        summary == null ? null : summary.channels(),
        summary == null ? null : summary.lag(),
        summary == null ? null : summary.isExternal(),
        summary == null ? null : summary.claims());
  }

  private static String matchLevel(Touch touch, Movement movement) {
    if (movement.productId() != null && movement.productId().equals(touch.productId())) {
      return "same_product";
    }
    return movement.category() != null && movement.category().equals(touch.category())
        ? "same_category"
        : "other";
  }
}
