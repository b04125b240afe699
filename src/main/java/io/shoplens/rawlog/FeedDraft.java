package io.shoplens.rawlog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.shoplens.config.Feed;
import io.shoplens.error.Errors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A first draft of a feed, guessed from a file's beginning: its format, its fields and, by their
 * names and values, which of them may be which of the contract's. A draft to correct, not a mapping
 * to trust.
 *
 * @param kind what the records seem to be
 * @param format how the file is written
 * @param fields fields found, in the order of the file
 * @param yaml the draft as configuration, to go below {@code feeds:}
 */
public record FeedDraft(Feed.Kind kind, Feed.Format format, List<DraftField> fields, String yaml) {

  /**
   * A field found.
   *
   * @param name name in the draft
   * @param path JSON path or column
   * @param contract field of the contract that it may be
   * @param example a value
   */
  public record DraftField(
      String name, String path, Optional<String> contract, Optional<String> example) {}

  /** Bytes of the file looked at. */
  private static final int SAMPLE = 1 << 20;

  private static final int RECORDS = 500;
  private static final int DEPTH = 4;

  private static final Map<String, List<String>> EVENT_NAMES = new LinkedHashMap<>();
  private static final Map<String, List<String>> ORDER_NAMES = new LinkedHashMap<>();

  static {
    Map<String, List<String>> common = new LinkedHashMap<>();
    common.put(
        "event_at",
        List.of(
            "event_at",
            "event_time",
            "event_timestamp",
            "timestamp",
            "ts",
            "time",
            "datetime",
            "derived_tstamp",
            "created_at",
            "occurred_at",
            "invoice_date",
            "order_date",
            "purchase_date",
            "date",
            "t"));
    common.put(
        "received_at",
        List.of(
            "received_at",
            "collector_tstamp",
            "server_time",
            "server_timestamp",
            "ingest_time",
            "server_ingest_time"));
    common.put(
        "user_id",
        List.of("user_id", "userid", "uid", "customer_id", "customer", "visitor_id", "user"));
    common.put(
        "device_id",
        List.of(
            "device_id",
            "domain_userid",
            "client_id",
            "anonymous_id",
            "visitorid",
            "cookie_id",
            "session_id",
            "session",
            "user_session",
            "rid"));
    common.put(
        "market", List.of("market", "country_code", "geo_country", "country", "region_code"));
    EVENT_NAMES.put("event_id", List.of("event_id", "eventid", "message_id", "insert_id", "uuid"));
    EVENT_NAMES.put(
        "event_type",
        List.of("event_type", "event_name", "eventname", "event", "type", "action", "name"));
    EVENT_NAMES.putAll(common);
    EVENT_NAMES.put("surface", List.of("surface", "screen", "page_type"));
    EVENT_NAMES.put("content_id", List.of("content_id", "video_id", "post_id", "itemid"));
    EVENT_NAMES.put("creator_id", List.of("creator_id", "author_id", "seller_id"));
    EVENT_NAMES.put("product_id", List.of("product_id", "productid", "sku", "item_id", "aid"));
    EVENT_NAMES.put("category", List.of("category", "category_id", "category_code"));
    EVENT_NAMES.put("link_url", List.of("link_url", "target_url", "outbound_url"));
    EVENT_NAMES.put(
        "referrer_url", List.of("referrer_url", "page_referrer", "referrer", "referer"));
    EVENT_NAMES.put("utm_source", List.of("utm_source", "mkt_source", "campaign_source"));
    EVENT_NAMES.put("utm_medium", List.of("utm_medium", "mkt_medium", "campaign_medium"));
    EVENT_NAMES.put("utm_campaign", List.of("utm_campaign", "mkt_campaign", "campaign"));
    EVENT_NAMES.put("app_version", List.of("app_version", "appversion", "version"));
    EVENT_NAMES.put("platform", List.of("platform", "os", "os_name"));
    EVENT_NAMES.put("user_agent", List.of("user_agent", "useragent", "ua"));
    ORDER_NAMES.put(
        "order_event_id", List.of("order_event_id", "event_id", "transaction_id", "txn_id"));
    ORDER_NAMES.put(
        "order_id",
        List.of(
            "order_id",
            "orderid",
            "order_number",
            "invoice_no",
            "invoiceno",
            "invoice",
            "transaction_id"));
    ORDER_NAMES.put("order_event", List.of("order_event", "order_status", "status", "state"));
    ORDER_NAMES.putAll(common);
    ORDER_NAMES.put("currency", List.of("currency", "currency_code"));
    ORDER_NAMES.put("line_id", List.of("line_id", "order_item_id", "line_number"));
    ORDER_NAMES.put(
        "product_id",
        List.of("product_id", "productid", "stock_code", "stockcode", "sku", "item_id"));
    ORDER_NAMES.put("category", List.of("category", "product_category", "category_code"));
    ORDER_NAMES.put("seller_id", List.of("seller_id", "merchant_id", "vendor_id"));
    ORDER_NAMES.put("quantity", List.of("quantity", "qty", "units"));
    ORDER_NAMES.put("unit_price", List.of("unit_price", "unitprice", "price", "item_price"));
    ORDER_NAMES.put("shipping_fee", List.of("shipping_fee", "shipping", "freight_value"));
    ORDER_NAMES.put("tax", List.of("tax", "tax_amount", "vat"));
  }

  /** Drafts a feed from a file. */
  public static FeedDraft of(SparkSession session, InputFile file) {
    byte[] sample = sample(session, file);
    Found found;
    if (startsWith(sample, "PAR1")) {
      found = new Found(Feed.Format.PARQUET);
      columns(ParquetFiles.rows(session, List.of(file)).schema(), "$", 0, found);
    } else if (isJson(sample)) {
      found = json(sample, file);
    } else {
      found = csv(sample);
    }
    return draft(file, found);
  }

  /** Fields of a sample: path to an example, or an empty one where there was no value. */
  private static final class Found {
    final Feed.Format format;
    final Map<String, String> examples = new LinkedHashMap<>();
    String explode = "";
    char delimiter = ',';

    Found(Feed.Format format) {
      this.format = format;
    }

    void add(String path, String example) {
      if (examples.getOrDefault(path, "").isEmpty()) {
        examples.put(path, example);
      }
    }
  }

  private static byte[] sample(SparkSession session, InputFile file) {
    Path path = new Path(file.path());
    try (InputStream in =
        Archives.open(
            path.getFileSystem(session.sessionState().newHadoopConf()).open(path), file.path())) {
      byte[] bytes = new byte[SAMPLE];
      int held = 0;
      try {
        int n;
        while (held < SAMPLE && (n = in.read(bytes, held, SAMPLE - held)) >= 0) {
          held += n;
        }
      } catch (Archives.Damaged e) {
        // What could be read is sample enough.
      }
      return java.util.Arrays.copyOf(bytes, held);
    } catch (IOException e) {
      throw Errors.storage(
          "Can't read " + file.path() + ".",
          String.valueOf(e.getMessage()),
          "Check the path and the credentials.",
          e);
    }
  }

  private static boolean startsWith(byte[] bytes, String text) {
    return new String(bytes, 0, Math.min(bytes.length, text.length()), StandardCharsets.ISO_8859_1)
        .equals(text);
  }

  private static boolean isJson(byte[] sample) {
    String text = text(sample).stripLeading();
    return text.startsWith("{") || text.startsWith("[");
  }

  private static String text(byte[] sample) {
    String text = new String(sample, StandardCharsets.UTF_8);
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private static Found json(byte[] sample, InputFile file) {
    ObjectMapper json =
        new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    Found found = new Found(Feed.Format.JSON);
    List<String> lines = text(sample).lines().limit(RECORDS).toList();
    List<JsonNode> records = new ArrayList<>();
    for (String line : lines) {
      try {
        JsonNode record = json.readTree(line);
        if (record != null && record.isObject()) {
          records.add(record);
        }
      } catch (JsonProcessingException e) {
        // Cut off by the sample's end, or bad: the check tells, the draft does without.
        continue;
      }
    }
    if (records.isEmpty()) {
      throw Errors.input(
          file.path() + " is not JSON lines.",
          "No line at its beginning is a whole JSON object: it is an array, or objects that span"
              + " lines.",
          "Write one object a line, as jq -c '.[]' does of an array and jq -c . of objects.");
    }
    records.stream().limit(20).forEach(record -> explode(record, "$", 0, found));
    records.forEach(record -> members(record, "$", 0, found));
    return found;
  }

  /** An array of objects that carry a time is taken for the records. */
  private static void explode(JsonNode node, String path, int depth, Found found) {
    node.properties()
        .forEach(
            member -> {
              String at = path + step(member.getKey());
              JsonNode value = member.getValue();
              if (value.isObject() && depth < DEPTH) {
                explode(value, at, depth + 1, found);
              } else if (value.isArray()
                  && !value.isEmpty()
                  && value.get(0).isObject()
                  && found.explode.isEmpty()) {
                boolean hasTime =
                    value.get(0).properties().stream()
                        .anyMatch(
                            field -> EVENT_NAMES.get("event_at").contains(plain(field.getKey())));
                if (hasTime) {
                  found.explode = at;
                }
              }
            });
  }

  private static void members(JsonNode node, String path, int depth, Found found) {
    node.properties()
        .forEach(
            member -> {
              String at = path + step(member.getKey());
              JsonNode value = member.getValue();
              if (at.equals(found.explode)) {
                value.forEach(element -> members(element, "@", 0, found));
              } else if (value.isObject() && depth < DEPTH) {
                members(value, at, depth + 1, found);
              } else {
                found.add(
                    at,
                    value.isNull() ? "" : value.isTextual() ? value.asText() : value.toString());
              }
            });
  }

  private static String step(String key) {
    return key.matches("[A-Za-z0-9_-]+") ? "." + key : "['" + key + "']";
  }

  private static Found csv(byte[] sample) {
    Found found = new Found(Feed.Format.CSV);
    String[] lines = text(sample).split("\r?\n", 3);
    char best = ',';
    for (char candidate : new char[] {',', ';', '\t', '|'}) {
      if (count(lines[0], candidate) > count(lines[0], best)) {
        best = candidate;
      }
    }
    found.delimiter = best;
    List<String> header = values(lines[0], best);
    List<String> first = lines.length > 1 ? values(lines[1], best) : List.of();
    for (int i = 0; i < header.size(); i++) {
      found.add(header.get(i), i < first.size() ? first.get(i) : "");
    }
    return found;
  }

  private static long count(String text, char c) {
    return text.chars().filter(x -> x == c).count();
  }

  private static List<String> values(String line, char delimiter) {
    List<String> values = new ArrayList<>();
    StringBuilder value = new StringBuilder();
    boolean isQuoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        isQuoted = !isQuoted;
      } else if (c == delimiter && !isQuoted) {
        values.add(value.toString().strip());
        value.setLength(0);
      } else {
        value.append(c);
      }
    }
    values.add(value.toString().strip());
    return values;
  }

  private static void columns(StructType type, String path, int depth, Found found) {
    for (StructField field : type.fields()) {
      String at = depth == 0 ? field.name() : path + "." + field.name();
      DataType inner = field.dataType();
      if (inner instanceof StructType struct && depth < DEPTH) {
        columns(struct, depth == 0 ? "$." + field.name() : at, depth + 1, found);
      } else if (inner instanceof ArrayType array
          && array.elementType() instanceof StructType struct
          && found.explode.isEmpty()
          && List.of(struct.fieldNames()).stream()
              .anyMatch(name -> EVENT_NAMES.get("event_at").contains(plain(name)))) {
        found.explode = at;
        columns(struct, "@", 1, found);
      } else {
        found.add(at, "");
      }
    }
  }

  private static FeedDraft draft(InputFile file, Found found) {
    Map<String, String> names = names(found.examples.keySet());
    boolean isOrders =
        firstOf(names, ORDER_NAMES.get("order_id")).isPresent()
            && (firstOf(names, ORDER_NAMES.get("unit_price")).isPresent()
                || firstOf(names, ORDER_NAMES.get("quantity")).isPresent()
                || firstOf(names, List.of("lines", "items")).isPresent());
    boolean isLine =
        isOrders
            && firstOf(names, ORDER_NAMES.get("quantity")).isPresent()
            && firstOf(names, ORDER_NAMES.get("unit_price")).isPresent();
    Map<String, String> chosen = new TreeMap<>();
    Map<String, String> expressions = new LinkedHashMap<>();
    (isOrders ? ORDER_NAMES : EVENT_NAMES)
        .forEach(
            (contract, candidates) ->
                firstOf(names, candidates)
                    .filter(name -> !chosen.containsKey(name))
                    .ifPresent(
                        name -> {
                          chosen.put(name, contract);
                          expressions.put(contract, name);
                        }));
    if (!isLine) {
      List.of("line_id", "quantity", "unit_price", "seller_id").forEach(expressions::remove);
      if (isOrders) {
        expressions.remove("product_id");
        expressions.remove("category");
      }
    }
    List<DraftField> fields = new ArrayList<>();
    names.forEach(
        (name, path) ->
            fields.add(
                new DraftField(
                    name,
                    path,
                    Optional.ofNullable(chosen.get(name)).filter(expressions::containsKey),
                    Optional.of(found.examples.get(path)).filter(text -> !text.isEmpty()))));
    Feed.Kind kind = isOrders ? Feed.Kind.ORDERS : Feed.Kind.EVENTS;
    return new FeedDraft(
        kind,
        found.format,
        List.copyOf(fields),
        yaml(file, found, kind, isLine, fields, expressions));
  }

  private static Optional<String> firstOf(Map<String, String> names, List<String> candidates) {
    for (String candidate : candidates) {
      for (String name : names.keySet()) {
        if (plain(name).equals(candidate) || plain(last(names.get(name))).equals(candidate)) {
          return Optional.of(name);
        }
      }
    }
    return Optional.empty();
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /** {@code InvoiceNo} and {@code invoice-no} as {@code invoice_no}. */
  private static String plain(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .replaceAll("[^A-Za-z0-9]+", "_")
        .replaceAll("^_+|_+$", "")
        .toLowerCase(Locale.ROOT);
  }

  /** A name for every path: its last step, or all of it where that is taken. */
  private static Map<String, String> names(Iterable<String> paths) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String path : paths) {
      String name = plain(path.startsWith("$") || path.startsWith("@") ? last(path) : path);
      if (name.isEmpty() || name.matches("\\d.*")) {
        name = "f_" + name;
      }
      if (names.containsKey(name)) {
        name = plain(path);
      }
      String unique = name;
      for (int i = 2; names.containsKey(unique); i++) {
        unique = name + "_" + i;
      }
      names.put(unique, path);
    }
    return names;
  }

  private static String yaml(
      InputFile file,
      Found found,
      Feed.Kind kind,
      boolean isLine,
      List<DraftField> fields,
      Map<String, String> expressions) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("# A draft: correct it, then check it again.\n");
    yaml.append("draft:\n");
    yaml.append("  kind: ").append(kind.name().toLowerCase(Locale.ROOT)).append('\n');
    yaml.append("  path: ").append(quoted(file.path())).append('\n');
    yaml.append("  format: ").append(found.format.name().toLowerCase(Locale.ROOT)).append('\n');
    if (isLine) {
      yaml.append("  grain: line\n");
    }
    String at =
        Optional.ofNullable(expressions.get("event_at"))
            .flatMap(
                name ->
                    fields.stream()
                        .filter(field -> field.name().equals(name))
                        .findFirst()
                        .flatMap(DraftField::example))
            .orElse("");
    if (at.matches("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?")) {
      yaml.append("  # Instants like ").append(at).append(" carry no zone: set theirs.\n");
      yaml.append("  zone: UTC\n");
    }
    if (found.format == Feed.Format.CSV) {
      yaml.append("  csv: {delimiter: ")
          .append(found.delimiter == '\t' ? "\"\\t\"" : quoted(String.valueOf(found.delimiter)))
          .append(", header: true}\n");
    }
    if (!found.explode.isEmpty()) {
      yaml.append("  explode: ").append(quoted(found.explode)).append('\n');
    }
    yaml.append("  fields:\n");
    fields.forEach(
        field ->
            yaml.append("    ")
                .append(field.name())
                .append(": ")
                .append(quoted(field.path()))
                .append(field.example().map(text -> "  # " + oneLine(text)).orElse(""))
                .append('\n'));
    yaml.append("  mapping:\n");
    expressions.forEach(
        (contract, name) ->
            yaml.append("    ").append(contract).append(": ").append(name).append('\n'));
    Map<String, String> needed = new LinkedHashMap<>();
    if (kind == Feed.Kind.EVENTS) {
      needed.put("event_id", "concat_ws(':', element_at(split(_file, '/'), -1), _line, _part)");
      needed.put("event_type", "'product_view'");
      needed.put("device_id", "'unknown'");
    } else {
      needed.put("order_event_id", "concat_ws(':', element_at(split(_file, '/'), -1), _line)");
      needed.put("order_id", "'?'");
      needed.put("order_event", "array('placed', 'paid')");
      needed.put("currency", "'USD'");
      if (isLine) {
        needed.put("line_id", "concat_ws(':', element_at(split(_file, '/'), -1), _line)");
      } else {
        needed.put("lines", "'[]'");
      }
    }
    needed.put("event_at", "'?'");
    needed.put("market", "'US'");
    needed.keySet().removeAll(expressions.keySet());
    if (expressions.containsKey("user_id")) {
      needed.remove("device_id");
    }
    if (!needed.isEmpty()) {
      yaml.append("    # Needed, and not found in the file:\n");
      needed.forEach(
          (contract, guess) ->
              yaml.append("    ").append(contract).append(": ").append(quoted(guess)).append('\n'));
    }
    return yaml.toString();
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static String oneLine(String text) {
    String line = text.lines().collect(Collectors.joining(" "));
    return line.length() <= 60 ? line : line.substring(0, 60) + "...";
  }
}
