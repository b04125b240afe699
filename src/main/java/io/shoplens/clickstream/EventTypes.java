package io.shoplens.clickstream;

/** The event types that the rules of this package name. */
final class EventTypes {
  static final String INBOUND_VISIT = "inbound_visit";
  static final String OUTBOUND_CLICK = "outbound_click";
  static final String PRODUCT_CLICK = "product_click";

  private EventTypes() {}
}
