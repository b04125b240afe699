package io.shoplens.lake;

import java.time.Instant;
import java.util.Optional;

/**
 * A file of a feed as the store lists it.
 *
 * @param feed the feed it belongs to
 * @param path full path
 * @param etag the store's mark of its content, where it gives one
 * @param modifiedAt modification time
 * @param size bytes
 */
public record FeedFile(
    String feed, String path, Optional<String> etag, Instant modifiedAt, long size) {

  /**
   * Whether both are the same content: equal ETags, or without them equal times; and equal size.
   */
  public boolean isSameContent(FeedFile other) {
    return size == other.size
        && (etag.isPresent() && other.etag.isPresent()
            ? etag.equals(other.etag)
            : modifiedAt.equals(other.modifiedAt));
  }
}
