package io.shoplens.oracle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.TSFBuilder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** JSON lines in plain and gz files: what is in them, and what the contract makes of each line. */
final class RawLogs {
  static final int RECORD_LIMIT_BYTES = 1024 * 1024;
  static final int NESTING_LIMIT = 64;

  /** A line that was not accepted, with its place, code and the field at fault. */
  record Rejection(String file, long line, String code, String field) {}

  /** The balance of a file: {@code records = accepted + duplicate + rejected + blank}. */
  record Balance(
      String file, long records, long accepted, long duplicate, long rejected, long blank) {}

  /** What came of a feed: accepted records without repeats, balances, and the lines refused. */
  record Reading<T>(List<T> accepted, List<Balance> balances, List<Rejection> rejections) {}

  /** The contract of a feed: judges a JSON object and tells repeats. */
  interface Contract<T> {
    T judged(JsonNode object) throws Refused;

    /** What is unique: two records with the same key are a repeat or a conflict. */
    List<Object> key(T record);

    /** Equal for exact repeats: all that was parsed, received_at apart. */
    JsonNode content(T record);
  }

  private RawLogs() {}

  /** Reads every file below a folder, in the order of their paths. */
  static <T> Reading<T> read(Path folder, Contract<T> contract) {
    List<T> accepted = new ArrayList<>();
    List<Balance> balances = new ArrayList<>();
    List<Rejection> rejections = new ArrayList<>();
    Map<List<Object>, JsonNode> seen = new HashMap<>();
    for (Path file : files(folder)) {
      String name = folder.relativize(file).toString().replace('\\', '/');
      long records = 0;
      long taken = 0;
      long duplicate = 0;
      long rejected = 0;
      long blank = 0;
      Content content = content(file);
      for (byte[] line : content.lines()) {
        records++;
        if (isBlank(line)) {
          blank++;
          continue;
        }
        try {
          T record = contract.judged(parsed(line));
          JsonNode before = seen.putIfAbsent(contract.key(record), contract.content(record));
          if (before == null) {
            taken++;
            accepted.add(record);
          } else if (before.equals(contract.content(record))) {
            duplicate++;
          } else {
            throw new IllegalStateException(
                "Conflict: %s line %d has an id seen before, with other content. The oracle decides"
                        .formatted(file, records)
                    + " no conflicts; generate without them.");
          }
        } catch (Refused refused) {
          rejected++;
          rejections.add(new Rejection(name, records, refused.code, refused.field));
        }
      }
      if (content.isCutOff()) {
        records++;
        rejected++;
        rejections.add(new Rejection(name, records, "bad_archive", null));
      }
      balances.add(new Balance(name, records, taken, duplicate, rejected, blank));
    }
    return new Reading<>(accepted, balances, rejections);
  }

  /** Every data file below a folder; names that start with a dot or an underscore are not data. */
  private static List<Path> files(Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(Files::isRegularFile)
          .filter(file -> isData(folder.relativize(file)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isData(Path relative) {
    for (Path part : relative) {
      if (part.toString().startsWith(".") || part.toString().startsWith("_")) {
        return false;
      }
    }
    return true;
  }

  /** Lines of a file, and whether a damaged archive broke off within a record after them. */
  private record Content(List<byte[]> lines, boolean isCutOff) {}

  /** Splits a file at line feeds. Of a damaged archive every whole line is kept. */
  private static Content content(Path file) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean isDamaged = false;
    try {
      if (Files.size(file) == 0) {
        return new Content(List.of(), false);
      }
      try (InputStream raw = Files.newInputStream(file);
          InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
        byte[] buffer = new byte[8192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          bytes.write(buffer, 0, n);
        }
      } catch (EOFException | ZipException damage) {
        isDamaged = true;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] all = bytes.toByteArray();
    List<byte[]> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < all.length; i++) {
      if (all[i] == '\n') {
        lines.add(Arrays.copyOfRange(all, start, i));
        start = i + 1;
      }
    }
    byte[] rest = Arrays.copyOfRange(all, start, all.length);
    if (rest.length > 0 && !isDamaged) {
      lines.add(rest);
    }
    return new Content(lines, isDamaged && !isBlank(rest));
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  /** Lexical judgement: bad_encoding, then not_json, then duplicate_key. */
  private static JsonNode parsed(byte[] line) throws Refused {
    if (line.length > RECORD_LIMIT_BYTES) {
      throw new Refused("not_json", null);
    }
    String text;
    try {
      // A new decoder reports malformed input instead of replacing it.
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
    } catch (CharacterCodingException e) {
      throw new Refused("bad_encoding", null);
    }
    JsonNode tree;
    try {
      tree = LAX_ON_KEYS.readTree(text);
    } catch (JsonProcessingException | NumberFormatException e) {
      throw new Refused("not_json", null);
    }
    if (!tree.isObject()) {
      throw new Refused("not_json", null);
    }
    try (JsonParser parser = STRICT_ON_KEYS.createParser(text)) {
      try {
        while (parser.nextToken() != null) {
          // Only to meet a key that is there twice.
        }
      } catch (JsonParseException e) {
        throw new Refused("duplicate_key", repeatedKey(text));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return tree;
  }

  /** The first key of well-formed JSON that its object has had before. */
  private static String repeatedKey(String text) throws IOException {
    Deque<Set<String>> objects = new ArrayDeque<>();
    try (JsonParser parser = LAX_ON_KEYS.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.START_OBJECT) {
          objects.push(new HashSet<>());
        } else if (token == JsonToken.END_OBJECT) {
          objects.pop();
        } else if (token == JsonToken.FIELD_NAME && !objects.element().add(parser.currentName())) {
          return parser.currentName();
        }
      }
    }
    return null;
  }

  private static final ObjectMapper LAX_ON_KEYS = mapper(JsonFactory.builder());
  private static final ObjectMapper STRICT_ON_KEYS =
      mapper(JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION));

  private static ObjectMapper mapper(TSFBuilder<?, ?> factory) {
    return JsonMapper.builder(
            (JsonFactory)
                factory
                    .streamReadConstraints(
                        StreamReadConstraints.builder()
                            .maxNestingDepth(NESTING_LIMIT)
                            .maxNumberLength(RECORD_LIMIT_BYTES)
                            .build())
                    .build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .build();
  }

  /** What is compared of a record: the object without received_at and without JSON nulls. */
  static JsonNode contentOf(JsonNode object) {
    ObjectNode content = object.deepCopy();
    content.remove("received_at");
    for (Iterator<JsonNode> values = content.iterator(); values.hasNext(); ) {
      if (values.next().isNull()) {
        values.remove();
      }
    }
    return content;
  }
}
