package io.shoplens.config;

import io.shoplens.error.Errors;
import io.shoplens.error.ShoplensException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A YAML file as flat keys with the line each stands on. Values are the text as written: {@code no}
 * stays {@code no} and {@code 0.30} stays {@code 0.30}. A list of scalars becomes one text,
 * separated by commas, and an empty list {@code none}.
 */
final class YamlFile {
  private static final int DEEPEST = 12;

  private final String shown;
  private final Path folder;
  private final Map<String, Given> entries = new LinkedHashMap<>();

  private YamlFile(String shown, Path folder) {
    this.shown = shown;
    this.folder = folder;
  }

  /** The keys of a file, in its order. */
  static Map<String, Given> read(String path) {
    Path file = Path.of(path).toAbsolutePath();
    YamlFile yaml = new YamlFile(path, file.getParent());
    Node root = yaml.compose(text(file, path));
    if (root instanceof MappingNode mapping) {
      yaml.flatten("", mapping, 0);
    } else if (root != null && !Tag.NULL.equals(root.getTag())) {
      throw yaml.error(root, "is not a mapping of keys to values", "Write lines of key: value.");
    }
    return yaml.entries;
  }

  static String text(Path file, String shown) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (NoSuchFileException e) {
      throw Errors.configuration(
          "The file " + shown + " does not exist.",
          "Nothing lies at " + file.normalize() + ".",
          "Check the path, or copy the file from the conf folder that comes with the software.",
          e);
    } catch (CharacterCodingException e) {
      throw Errors.configuration(
          "The file " + shown + " is not UTF-8.",
          "It has bytes that are no text in that encoding.",
          "Save it as UTF-8.",
          e);
    } catch (IOException e) {
      throw Errors.configuration(
          "The file " + shown + " can't be read.",
          String.valueOf(e),
          "Check that it is a file and that you may read it.",
          e);
    }
  }

  private Node compose(String text) {
    try {
      return new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      throw Errors.configuration(
          "The file " + shown + " is not YAML.",
          shown + ":" + line + ": " + e.getProblem(),
          "Mend that line; values with a colon, # or quotes need quotes around them.",
          e);
    } catch (YAMLException e) {
      throw Errors.configuration(
          "The file " + shown + " is not YAML.",
          e.getMessage(),
          "Mend it; conf/shoplens.yaml shows the form.",
          e);
    }
  }

  private void flatten(String prefix, MappingNode mapping, int depth) {
    if (depth > DEEPEST) {
      throw error(mapping, "is nested too deeply", "Write the keys with dots, such as gmv.basis.");
    }
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw error(tuple.getKeyNode(), "has a key that is not text", "Write key: value.");
      }
      add(prefix + key.getValue(), key, tuple.getValueNode(), depth);
    }
  }

  private void add(String key, Node keyNode, Node value, int depth) {
    if (value instanceof MappingNode section) {
      flatten(key + ".", section, depth + 1);
      return;
    }
    String text = value instanceof SequenceNode list ? joined(key, list) : scalar(value);
    Given given = new Given(key, text, origin(keyNode), Given.Source.FILE, folder);
    Given earlier = entries.putIfAbsent(key, given);
    if (earlier != null) {
      throw Errors.configuration(
          "The key " + key + " is given twice.",
          earlier.origin() + " and " + given.origin() + " set it.",
          "Keep one of them.");
    }
  }

  private String joined(String key, SequenceNode list) {
    StringBuilder text = new StringBuilder();
    for (Node item : list.getValue()) {
      if (!(item instanceof ScalarNode)) {
        throw error(item, "nests values in the list " + key, "Write a list of plain values.");
      }
      text.append(text.isEmpty() ? "" : ", ").append(scalar(item));
    }
    return text.isEmpty() ? "none" : text.toString();
  }

  private static String scalar(Node node) {
    return Tag.NULL.equals(node.getTag()) ? null : ((ScalarNode) node).getValue();
  }

  private String origin(Node node) {
    return shown + ":" + (node.getStartMark().getLine() + 1);
  }

  private ShoplensException error(Node node, String fault, String cure) {
    return Errors.configuration(
        "The file " + shown + " is not a configuration.", origin(node) + " " + fault + ".", cure);
  }
}
