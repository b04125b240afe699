package io.shoplens.generate;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Generated logs read back by plain means, strictly. */
record LogFiles(Map<String, List<byte[]>> files) {
  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  /** A line that is no damaged one. */
  record Good(String file, int line, JsonNode json) {
    String text(String field) {
      return json.path(field).asText(null);
    }

    String folderDate() {
      return file.replaceAll(".*date=([0-9-]+)/.*", "$1");
    }
  }

  static LogFiles read(Path root) {
    Map<String, List<byte[]>> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        String name = root.relativize(file).toString();
        if (name.contains("part-")) {
          files.put(name, lines(content(file)));
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return new LogFiles(files);
  }

  private static byte[] content(Path file) throws IOException {
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
      return in.readAllBytes();
    }
  }

  private static List<byte[]> lines(byte[] content) {
    List<byte[]> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < content.length; i++) {
      if (content[i] == '\n') {
        lines.add(Arrays.copyOfRange(content, from, i));
        from = i + 1;
      }
    }
    return lines;
  }

  /** The lines of a feed that are neither blank nor, as the truth says, damaged. */
  List<Good> good(String feed) {
    Map<String, String> damaged = damagedCodes();
    List<Good> good = new ArrayList<>();
    files.forEach(
        (name, lines) -> {
          for (int i = 0; i < lines.size(); i++) {
            boolean isDamaged = damaged.containsKey(name + ":" + (i + 1));
            if (name.startsWith(feed + "/") && lines.get(i).length > 0 && !isDamaged) {
              good.add(new Good(name, i + 1, parse(lines.get(i))));
            }
          }
        });
    return good;
  }

  /** Code and kind of damage by file and line. */
  Map<String, String> damagedCodes() {
    Map<String, String> codes = new HashMap<>();
    for (JsonNode line : truth("damaged_lines")) {
      codes.put(
          line.get("file").asText() + ":" + line.get("line").asInt(), line.get("code").asText());
    }
    return codes;
  }

  List<JsonNode> truth(String what) {
    List<JsonNode> lines = new ArrayList<>();
    files.forEach(
        (name, raw) -> {
          if (name.startsWith("truth/" + what + "/")) {
            raw.forEach(line -> lines.add(parse(line)));
          }
        });
    return lines;
  }

  /** Names and content as text, byte for byte. */
  Map<String, List<String>> asText() {
    Map<String, List<String>> text = new TreeMap<>();
    files.forEach(
        (name, lines) ->
            text.put(
                name,
                lines.stream().map(l -> new String(l, StandardCharsets.ISO_8859_1)).toList()));
    return text;
  }

  static JsonNode parse(byte[] line) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
      JsonNode json = STRICT.readTree(text);
      if (!json.isObject()) {
        throw new IOException("not an object: " + text);
      }
      return json;
    } catch (IOException failure) {
      throw new UncheckedIOException(
          new IOException(new String(line, StandardCharsets.ISO_8859_1), failure));
    }
  }
}
