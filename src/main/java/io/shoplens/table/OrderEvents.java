package io.shoplens.table;

import static io.shoplens.table.Columns.*;
import static io.shoplens.table.Types.*;

/** Order events as accepted, and beside them every record of the feed that was not. */
public final class OrderEvents {
  public static final Table TABLE =
      Table.named("bronze.order_events")
          .saying(
              "Order events as accepted, and beside them every record of the feed that was not.")
          .grain(
              "one row per accepted order event (at line grain: per order event and line), per rejected record and per file read")
          .key(ORDER_ID, RECORD_ID)
          .partitionedBy(EVENT_UTC_DATE)
          .reach(0, 0, "nothing: the orders it belongs to decide")
          .column(
              RECORD_ID,
              STRING,
              "What tells repeats: the order event's id and event and, at line grain, the line's id")
          .column(ORDER_EVENT_ID, STRING, "Identifier of the order event")
          .column(ORDER_ID, STRING, "Identifier of the order")
          .column(
              ORDER_EVENT,
              STRING,
              "placed, paid, shipped, delivered, cancelled, refunded or adjusted")
          .column(EVENT_AT, TIMESTAMP, "Instant of the order event")
          .column(
              RECEIVED_AT,
              TIMESTAMP,
              "Instant the collector received it; NULL where the feed does not say")
          .column(USER_ID, STRING, "Buyer, as observed or as a pseudonym")
          .column(DEVICE_ID, STRING, "Device, as observed or as a pseudonym")
          .column(MARKET, STRING, "ISO 3166-1 alpha-2 code of the market")
          .column(REGION, STRING, "ISO 3166-2 code of the subdivision")
          .column(CURRENCY, STRING, "ISO 4217 code of the order's currency")
          .column(SALES_CHANNEL, STRING, "in_app or external")
          .column(MERCHANT_DOMAIN, STRING, "External orders: domain of the shop that sold")
          .column(
              LINES,
              "array<struct<line_id:string,product_id:string,category:string,seller_id:string,creator_id:string,quantity:bigint,unit_price:decimal(24,6),seller_discount:decimal(24,4),platform_discount:decimal(24,4),commission_rate:decimal(9,6),creator_commission_rate:decimal(9,6)>>",
              "Lines of the order")
          .column(SHIPPING_FEE, MONEY, "Shipping paid by the buyer")
          .column(
              SHIPPING_COST,
              MONEY,
              "Shipping paid by the platform; the first event of the order that gives it counts, of whatever kind")
          .column(SHIPPING_SUBSIDY, MONEY, "Part of the shipping the platform bears, likewise")
          .column(FULFILMENT_COST, MONEY, "Cost of storing, picking and packing, likewise")
          .column(TAX, MONEY, "Tax of the order")
          .column(
              REVERSAL,
              "struct<lines:array<struct<line_id:string,product_id:string,category:string,quantity:bigint,unit_price:decimal(24,6),seller_discount:decimal(24,4)>>,amount:decimal(24,4)>",
              "Cancelled and refunded: lines and quantities, or an amount, or NULL for all that remains")
          .column(EXTRA, STRING, "Every other field of the record, as one JSON object")
          .column(
              EVENT_UTC_DATE,
              DATE,
              "UTC date of the order event; NULL for rejected records and file totals")
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

  private OrderEvents() {}
}
