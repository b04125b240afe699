package io.shoplens.rawlog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;

/** Values of JSON text by the paths that lead to them. */
final class JsonValues {
  /** In a path: each element of an array. */
  static final Integer EACH = -1;

  private static final JsonFactory JSON = new JsonFactory();

  private JsonValues() {}

  /**
   * JSON in which an empty text stands for some texts and numbers; all else is as it was written.
   *
   * @param values what they are, without quotes and escapes
   * @param paths where they are, in steps as of {@link FieldTree#steps} and {@link #EACH}
   * @throws JsonProcessingException where it is no JSON
   */
  static String without(String json, Set<String> values, List<List<Object>> paths)
      throws JsonProcessingException {
    StringBuilder left = new StringBuilder();
    int done = 0;
    try (JsonParser parser = JSON.createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        JsonStreamContext place = parser.getParsingContext();
        if (token.isScalarValue()
            && values.contains(parser.getText())
            && paths.stream().anyMatch(path -> leadsTo(path, place))) {
          int from = (int) parser.currentTokenLocation().getCharOffset();
          left.append(json, done, from).append("\"\"");
          done =
              token == JsonToken.VALUE_STRING
                  ? (int) parser.currentLocation().getCharOffset()
                  : from + parser.getTextLength();
        }
      }
    } catch (JsonProcessingException noJson) {
      throw noJson;
    } catch (IOException impossible) {
      throw new UncheckedIOException("can't read text", impossible);
    }
    return left.append(json, done, json.length()).toString();
  }

  private static boolean leadsTo(List<Object> path, JsonStreamContext place) {
    JsonStreamContext at = place;
    for (int i = path.size() - 1; i >= 0; i--) {
      boolean isStep =
          path.get(i) instanceof Integer index
              ? at.inArray() && (index.equals(EACH) || index == at.getCurrentIndex())
              : at.inObject() && path.get(i).equals(at.getCurrentName());
      if (!isStep) {
        return false;
      }
      at = at.getParent();
    }
    return at.inRoot();
  }
}
