package io.shoplens.generate;

/**
 * What really made somebody buy.
 *
 * @param kind in_app_shop, external_link, direct or none
 * @param channel a word for where it happened
 * @param event number of the event; 0 where none
 * @param type type of the event
 * @param surface surface of the event, or NULL
 * @param at instant of the event in milliseconds
 */
record Cause(String kind, String channel, long event, String type, String surface, long at) {
  static final Cause NONE = new Cause("none", "none", 0, null, null, 0);
}
