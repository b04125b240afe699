package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

import java.util.List;

/** Clickstream events as accepted, and beside them every record of the feed that was not. */
public final class Events {
  /** What the contract knows an event to be; of any other type it is kept and counted. */
  public static final List<String> TYPES =
      List.of(
          "content_view",
          "product_impression",
          "product_view",
          "product_click",
          "add_to_cart",
          "checkout_started",
          "outbound_click",
          "outbound_blocked",
          "inbound_visit",
          "ad_impression",
          "ad_click",
          "search",
          "app_open");

  public static final Table TABLE =
      Table.named("bronze.events")
          .saying(
              "Clickstream events as accepted, and beside them every record of the feed that was not.")
          .grain("one row per accepted event, per rejected record and per file read")
          .key(EVENT_ID)
          .partitionedBy(EVENT_UTC_DATE)
          .reach(0, 0, "nothing: an event moves its own date only")
          .column(EVENT_ID, STRING, "Identifier the producer gave the event")
          .column(EVENT_TYPE, STRING, "What happened; unknown types are kept as they came")
          .column(EVENT_AT, TIMESTAMP, "Instant of the event")
          .column(
              RECEIVED_AT,
              TIMESTAMP,
              "Instant the collector received it; NULL where the feed does not say")
          .column(USER_ID, STRING, "Signed-in user, as observed or as a pseudonym")
          .column(DEVICE_ID, STRING, "Device, as observed or as a pseudonym")
          .column(MARKET, STRING, "ISO 3166-1 alpha-2 code of the market")
          .column(REGION, STRING, "ISO 3166-2 code of the subdivision")
          .column(
              SURFACE,
              STRING,
              "Part of the app: feed, live, shop_tab, search, showcase, profile, ad")
          .column(CONTENT_ID, STRING, "Video, live stream or post")
          .column(CREATOR_ID, STRING, "Creator of the content")
          .column(PRODUCT_ID, STRING, "Product of the in-app shop")
          .column(CATEGORY, STRING, "Category of the product")
          .column(AD_ID, STRING, "Advertisement")
          .column(LINK_URL, STRING, "Outbound link as clicked")
          .column(REFERRER_URL, STRING, "Page the visit came from")
          .column(UTM_SOURCE, STRING, "Campaign source")
          .column(UTM_MEDIUM, STRING, "Campaign medium")
          .column(UTM_CAMPAIGN, STRING, "Campaign name")
          .column(APP_VERSION, STRING, "Version of the app")
          .column(PLATFORM, STRING, "Operating system or client")
          .column(USER_AGENT, STRING, "User agent as sent")
          .column(EXTRA, STRING, "Every other field of the record, as one JSON object")
          .column(
              EVENT_UTC_DATE,
              DATE,
              "UTC date of the event; NULL for rejected records and file totals")
          .column(
              CONTENT_HASH,
              BIGINT,
              "Hash of the mapped content, received_at apart: tells an exact repeat from a conflict")
          .column(SEQUENCE, BIGINT, "Number of the ingest that wrote the row")
          .column(FEED, STRING, "Feed the record came from")
          .column(SOURCE_FILE, STRING, "File the record came from")
          .column(SOURCE_LINE, BIGINT, "Line in the file, from 1")
          .column(SOURCE_OFFSET, BIGINT, "Byte offset of the line in the uncompressed file")
          .column(
              SOURCE_PART, INT, "Position of the record among those its line stands for, from 0")
          .column(RECORD_KIND, STRING, "accepted, rejected, or file for a file's totals")
          .column(REJECT_CODE, STRING, "Why the record was rejected")
          .column(REJECT_FIELD, STRING, "Field at fault")
          .column(
              REJECT_RAW,
              BINARY,
              "The record as it came, of one over ingest.record-limit its first 4,096 bytes; NULL where"
                  + " ids are pseudonyms, and past its retention")
          .column(FILE_RECORDS, BIGINT, "File totals: records in the file")
          .column(FILE_BLANK, BIGINT, "File totals: blank lines")
          .column(
              FILE_DAMAGED_AT,
              BIGINT,
              "File totals: byte offset at which a damaged archive broke off; of Parquet the rows before")
          .column(
              FILE_UNKNOWN_FIELDS,
              STRING,
              "File totals: fields that the contract does not have, as JSON: records and type of each")
          .declared();

  private Events() {}
}
