package io.shoplens.generate;

import java.io.Serializable;

/**
 * What was written.
 *
 * @param events clickstream events, repeats and damaged lines apart
 * @param orderEvents order events, repeats and damaged lines apart
 * @param orders orders in the truth
 * @param outboundClicks outbound clicks in the truth
 * @param duplicates exact repeats
 * @param conflicts lines that repeat an id with other content
 * @param damaged damaged lines
 * @param blank blank lines
 * @param files files, the truth's among them
 * @param bytes bytes of all lines before compression, the truth's among them
 */
public record GeneratedLogs(
    long events,
    long orderEvents,
    long orders,
    long outboundClicks,
    long duplicates,
    long conflicts,
    long damaged,
    long blank,
    long files,
    long bytes)
    implements Serializable {

  /** The sum of two. */
  public GeneratedLogs plus(GeneratedLogs other) {
    return new GeneratedLogs(
        events + other.events,
        orderEvents + other.orderEvents,
        orders + other.orders,
        outboundClicks + other.outboundClicks,
        duplicates + other.duplicates,
        conflicts + other.conflicts,
        damaged + other.damaged,
        blank + other.blank,
        files + other.files,
        bytes + other.bytes);
  }
}
