package io.shoplens.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** The contract of a clickstream event: fields in the contract's order, the first fault counts. */
final class EventContract implements RawLogs.Contract<EventContract.Event> {
  static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
  static final Duration FUTURE_TOLERANCE = Duration.ofHours(24);

  /** An accepted event; optional fields are null where absent. */
  record Event(
      String eventId,
      String eventType,
      Instant at,
      Instant receivedAt,
      String userId,
      String deviceId,
      String market,
      String region,
      String surface,
      String contentId,
      String creatorId,
      String productId,
      String category,
      String linkUrl,
      String referrerUrl,
      String utmSource,
      String utmMedium,
      String utmCampaign,
      String userAgent,
      JsonNode content) {

    /** What sessions and bots are counted by: the device, else the user. */
    String observedPerson() {
      return deviceId != null ? deviceId : userId;
    }

    /** What people are counted by: the user, else the device. */
    String person() {
      return userId != null ? userId : deviceId;
    }
  }

  private final Conf conf;

  EventContract(Conf conf) {
    this.conf = conf;
  }

  @Override
  public Event judged(JsonNode object) throws Refused {
    Fields fields = new Fields(object, "");
    String eventId = fields.requiredText("event_id");
    String eventType = fields.requiredText("event_type");
    Instant at = eventInstant(fields);
    Instant receivedAt = fields.instant("received_at");
    String userId = fields.text("user_id");
    if (isAbsent(userId) && isAbsentNode(fields.value("device_id"))) {
      throw new Refused("missing_field", "user_id");
    }
    String deviceId = fields.text("device_id");
    String market = fields.requiredText("market");
    if (!conf.markets.containsKey(market)) {
      throw new Refused("unknown_value", "market");
    }
    String region = fields.text("region");
    String surface = fields.text("surface");
    String contentId = fields.text("content_id");
    String creatorId = fields.text("creator_id");
    String productId = fields.text("product_id");
    String category = fields.text("category");
    fields.text("ad_id");
    String linkUrl = fields.text("link_url");
    String referrerUrl = fields.text("referrer_url");
    String utmSource = fields.text("utm_source");
    String utmMedium = fields.text("utm_medium");
    String utmCampaign = fields.text("utm_campaign");
    fields.text("app_version");
    fields.text("platform");
    String userAgent = fields.text("user_agent");
    return new Event(
        eventId,
        eventType,
        at,
        receivedAt,
        userId,
        deviceId,
        market,
        region,
        surface,
        contentId,
        creatorId,
        productId,
        category,
        linkUrl,
        referrerUrl,
        utmSource,
        utmMedium,
        utmCampaign,
        userAgent,
        RawLogs.contentOf(object));
  }

  /** event_at, which the order feed shares: not too early, not over 24 h after its received_at. */
  static Instant eventInstant(Fields fields) throws Refused {
    JsonNode value = fields.value("event_at");
    if (isAbsentNode(value)) {
      throw new Refused("missing_field", "event_at");
    }
    Instant at = fields.instant("event_at");
    if (at.isBefore(EARLIEST)) {
      throw new Refused("out_of_range", "event_at");
    }
    Instant receivedAt = receivedIfReadable(fields);
    if (receivedAt != null && at.isAfter(receivedAt.plus(FUTURE_TOLERANCE))) {
      throw new Refused("from_future", "event_at");
    }
    return at;
  }

  /** A received_at at fault is judged in its own turn, after event_at. */
  private static Instant receivedIfReadable(Fields fields) {
    try {
      return fields.instant("received_at");
    } catch (Refused laterInItsOwnTurn) {
      return null;
    }
  }

  static boolean isAbsent(String text) {
    return text == null || text.isEmpty();
  }

  private static boolean isAbsentNode(JsonNode value) {
    return value == null || (value.isTextual() && value.textValue().isEmpty());
  }

  /** Within a UTC date an event_id is one event. */
  @Override
  public List<Object> key(Event event) {
    return List.of(event.at().atZone(ZoneOffset.UTC).toLocalDate(), event.eventId());
  }

  @Override
  public JsonNode content(Event event) {
    return event.content();
  }
}
