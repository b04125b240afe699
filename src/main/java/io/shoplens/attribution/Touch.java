package io.shoplens.attribution;

/**
 * A touchpoint of a person.
 *
 * @param sequence its place among the person's touches by (touch_at, event_id)
 * @param at its instant, in microseconds
 * @param knownAt from when it is known to be the person's: its own instant, or that of the
 *     identification that made it so; never earlier than {@code at}
 */
record Touch(
    long sequence,
    long at,
    long knownAt,
    String eventId,
    boolean isEntry,
    boolean isOutbound,
    String touchClass,
    String channel,
    String interaction,
    String surface,
    String productId,
    String category,
    String contentId,
    String creatorId,
    String merchantGroup) {

  static final String IN_APP_SHOP = "in_app_shop";

  private static final String DIRECT = "direct";
  private static final String CLICK = "click";

  boolean isDirect() {
    return DIRECT.equals(touchClass);
  }

  boolean isClick() {
    return CLICK.equals(interaction);
  }
}
