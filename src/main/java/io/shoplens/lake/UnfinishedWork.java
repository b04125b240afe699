package io.shoplens.lake;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What work of several commits is about to do, written down below {@code _shoplens} before the
 * first of them and removed after the last, so that work that was cut short can be completed.
 */
final class UnfinishedWork {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Lake lake;
  private final String folder;
  private final String name;

  UnfinishedWork(Lake lake, String folder, String name) {
    this.lake = lake;
    this.folder = folder;
    this.name = name;
  }

  /** What was cut short; empty where nothing was. */
  Optional<Map<String, String>> plan() {
    try {
      Optional<String> text = files().read(name);
      return text.isEmpty()
          ? Optional.empty()
          : Optional.of(
              JSON.readValue(text.get(), new TypeReference<TreeMap<String, String>>() {}));
    } catch (IOException failure) {
      throw unreachable(failure);
    }
  }

  /** Writes down what is about to be done. */
  void begin(Map<String, String> plan) {
    lake.requireLease();
    try {
      files().replace(name, JSON.writeValueAsString(plan));
    } catch (IOException failure) {
      throw unreachable(failure);
    }
  }

  /** It is done. */
  void end() {
    lake.requireLease();
    try {
      files().delete(name);
    } catch (IOException failure) {
      throw unreachable(failure);
    }
  }

  private LakeFiles files() throws IOException {
    return new LakeFiles(lake.root(), folder, lake.hadoop());
  }

  private UncheckedIOException unreachable(IOException failure) {
    return new UncheckedIOException(
        "can't read or write what is to be completed: " + folder + "/" + name, failure);
  }
}
