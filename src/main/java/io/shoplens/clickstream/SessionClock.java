package io.shoplens.clickstream;

import io.shoplens.config.ClickstreamSettings;
import java.io.Serializable;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.expressions.Aggregator;

/**
 * The instant at which an event's session began: a running fold over an observed person's events in
 * order, epoch microseconds in and out. Used over a window that grows row by row, so that every
 * event is folded in once and nothing is collected.
 *
 * <p>Per-row Java, because the limit of a session counts from its own first event: where the next
 * session begins depends on where the previous did, all along a person's history. No window frame
 * says that (frames look at rows, not at earlier results), and {@code aggregate} would need the
 * events of a person in one array, without a bound. Two numbers go in and out, no rows.
 */
final class SessionClock extends Aggregator<Long, SessionClock.Hands, Long> {
  private static final long serialVersionUID = 1L;

  private final long gapMicros;
  private final long limitMicros;

  SessionClock(ClickstreamSettings settings) {
    this.gapMicros = TimeUnit.MICROSECONDS.convert(settings.sessionGap());
    this.limitMicros = TimeUnit.MICROSECONDS.convert(settings.sessionLimit());
  }

  /**
   * Where the fold stands: the running session's first event and the latest one. Public, because
   * Spark makes encoders of public classes only.
   */
  public static final class Hands implements Serializable {
    private static final long serialVersionUID = 1L;

    private boolean running;
    private long startedAt;
    private long latestAt;
  }

  @Override
  public Hands zero() {
    return new Hands();
  }

  @Override
  public Hands reduce(Hands hands, Long eventAt) {
    if (!hands.running
        || eventAt - hands.latestAt >= gapMicros
        || eventAt - hands.startedAt >= limitMicros) {
      hands.startedAt = eventAt;
    }
    hands.running = true;
    hands.latestAt = eventAt;
    return hands;
  }

  /** Never called: a running window folds one row after the other and has no parts to merge. */
  @Override
  public Hands merge(Hands one, Hands other) {
    throw new IllegalStateException("a session clock runs over a window only");
  }

  @Override
  public Long finish(Hands hands) {
    return hands.startedAt;
  }

  @Override
  public Encoder<Hands> bufferEncoder() {
    return Encoders.javaSerialization(Hands.class);
  }

  @Override
  public Encoder<Long> outputEncoder() {
    return Encoders.LONG();
  }
}
