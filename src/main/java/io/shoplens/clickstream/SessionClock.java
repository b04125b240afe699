package io.shoplens.clickstream;

import io.shoplens.config.ClickstreamSettings;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.expressions.Aggregator;
import scala.Tuple2;
import scala.Tuple4;

/**
 * The session that an event belongs to, by its first instant and its name: a running fold over an
 * observed person's events in order. Used over a window that grows row by row, so that every event
 * is folded in once and nothing is collected.
 *
 * <p>Per-row Java, because the limit of a session counts from its own first event: where the next
 * session begins depends on where the previous did, all along a person's history. No window frame
 * says that (frames look at rows, not at earlier results), and {@code aggregate} would need the
 * events of a person in one array, without a bound. The name comes from here as well, because a
 * second window to hand it down would keep all rows of a person once more.
 */
final class SessionClock
    extends Aggregator<
        Tuple4<Long, String, String, String>, SessionClock.Hands, Tuple2<Long, String>> {
  private static final long serialVersionUID = 1L;

  /** What goes in: epoch microseconds, the observed person, the event, and a name to go on with. */
  static final Encoder<Tuple4<Long, String, String, String>> INPUT =
      Encoders.tuple(Encoders.LONG(), Encoders.STRING(), Encoders.STRING(), Encoders.STRING());

  /** Keeps the parts of a session's name apart; no text of a log is likely to hold it. */
  private static final char SEPARATOR = '\u001f';

  private static final int NAME_BYTES = 16;

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

    private String name;
    private long startedAt;
    private long latestAt;
  }

  @Override
  public Hands zero() {
    return new Hands();
  }

  @Override
  public Hands reduce(Hands hands, Tuple4<Long, String, String, String> event) {
    long eventAt = event._1();
    if (hands.name == null
        || eventAt - hands.latestAt >= gapMicros
        || eventAt - hands.startedAt >= limitMicros) {
      hands.startedAt = eventAt;
      hands.name = event._4() != null ? event._4() : name(event._2(), eventAt, event._3());
    }
    hands.latestAt = eventAt;
    return hands;
  }

  /** Hexadecimal digits of the first 16 bytes of the SHA-256 of person, instant and event. */
  private static String name(String person, long eventAt, String event) {
    String text = person + SEPARATOR + eventAt + SEPARATOR + event;
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, NAME_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Never called: a running window folds one row after the other and has no parts to merge. */
  @Override
  public Hands merge(Hands one, Hands other) {
    throw new IllegalStateException("a session clock runs over a window only");
  }

  @Override
  public Tuple2<Long, String> finish(Hands hands) {
    return new Tuple2<>(hands.startedAt, hands.name);
  }

  @Override
  public Encoder<Hands> bufferEncoder() {
    return Encoders.javaSerialization(Hands.class);
  }

  @Override
  public Encoder<Tuple2<Long, String>> outputEncoder() {
    return Encoders.tuple(Encoders.LONG(), Encoders.STRING());
  }
}
