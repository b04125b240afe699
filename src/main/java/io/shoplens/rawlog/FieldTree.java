package io.shoplens.rawlog;

import io.shoplens.error.Errors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The paths of a feed as a tree that a scanner walks along while it reads a record. */
final class FieldTree {
  /** Number of the field to keep the value of, or -1. */
  int slot = -1;

  LexicalField.Type type;

  /** Whether the elements of the array here are the records. */
  boolean isExploded;

  /** Number of the last object this key was met in: met twice in one object, it is repeated. */
  long seenIn = -1;

  /** Members by the hash of their key, open addressing; NULL where the path leads to no member. */
  private FieldTree[] members;

  private byte[] key;
  private int hash;
  private int memberCount;

  /** Elements by position. */
  private FieldTree[] elements;

  /** The tree of the fields whose paths start with this character. */
  static FieldTree of(List<LexicalField> fields, char root, String feed) {
    FieldTree tree = new FieldTree();
    for (int i = 0; i < fields.size(); i++) {
      LexicalField field = fields.get(i);
      String path = field.path();
      boolean isElement = path.startsWith("@");
      if (isElement == (root == '@')) {
        FieldTree node = tree.at(steps(path, feed));
        if (node.slot >= 0) {
          throw Errors.configuration(
              "Feed "
                  + feed
                  + ": fields "
                  + fields.get(node.slot).name()
                  + " and "
                  + field.name()
                  + " read the same path "
                  + path,
              "a value can be read under one name only",
              "remove one of them and use the other in the mapping");
        }
        node.slot = i;
        node.type = field.type();
      }
    }
    return tree;
  }

  /** The node at the end of a path, made if need be. */
  FieldTree at(List<Object> steps) {
    FieldTree node = this;
    for (Object step : steps) {
      node = step instanceof Integer index ? node.element(index) : node.member((String) step);
    }
    return node;
  }

  /** Steps of {@code $.a.b[0]['c d']}: names and positions. A bare name is a member of the root. */
  static List<Object> steps(String path, String feed) {
    if (path.isEmpty()) {
      throw badPath(path, feed);
    }
    char root = path.charAt(0);
    if (root != '$' && root != '@') {
      return List.of(path);
    }
    List<Object> steps = new ArrayList<>();
    int p = 1;
    while (p < path.length()) {
      char c = path.charAt(p);
      if (c == '.') {
        int end = p + 1;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
          end++;
        }
        if (end == p + 1) {
          throw badPath(path, feed);
        }
        steps.add(path.substring(p + 1, end));
        p = end;
      } else if (c == '[') {
        int end = path.indexOf(']', p);
        if (end < 0) {
          throw badPath(path, feed);
        }
        String inner = path.substring(p + 1, end);
        if (inner.matches("\\d{1,4}")) {
          steps.add(Integer.valueOf(inner));
        } else if (inner.matches("'[^']+'|\"[^\"]+\"")) {
          steps.add(inner.substring(1, inner.length() - 1));
        } else {
          throw badPath(path, feed);
        }
        p = end + 1;
      } else {
        throw badPath(path, feed);
      }
    }
    return steps;
  }

  private static RuntimeException badPath(String path, String feed) {
    return Errors.configuration(
        "Feed " + feed + ": the path '" + path + "' can't be read.",
        "A path is a name, or $ or @ followed by .name, [position] or ['name'].",
        "Write it as in $.user.id or @.items[0].price.");
  }

  private FieldTree member(String name) {
    byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
    int wantedHash = hash(wanted, 0, wanted.length);
    FieldTree found = find(wanted, 0, wanted.length, wantedHash);
    if (found != null) {
      return found;
    }
    FieldTree made = new FieldTree();
    made.key = wanted;
    made.hash = wantedHash;
    if (members == null) {
      members = new FieldTree[8];
    } else if (memberCount * 4 >= members.length) {
      FieldTree[] old = members;
      members = new FieldTree[old.length * 2];
      for (FieldTree member : old) {
        if (member != null) {
          insert(member);
        }
      }
    }
    insert(made);
    memberCount++;
    return made;
  }

  private void insert(FieldTree member) {
    int i = member.hash & (members.length - 1);
    while (members[i] != null) {
      i = (i + 1) & (members.length - 1);
    }
    members[i] = member;
  }

  private FieldTree element(int index) {
    if (elements == null) {
      elements = new FieldTree[index + 1];
    } else if (elements.length <= index) {
      elements = Arrays.copyOf(elements, index + 1);
    }
    if (elements[index] == null) {
      elements[index] = new FieldTree();
    }
    return elements[index];
  }

  /** The member with this key, or NULL. */
  FieldTree find(byte[] bytes, int from, int to, int keyHash) {
    if (members == null) {
      return null;
    }
    for (int i = keyHash & (members.length - 1);
        members[i] != null;
        i = (i + 1) & (members.length - 1)) {
      FieldTree member = members[i];
      if (member.hash == keyHash
          && Arrays.equals(member.key, 0, member.key.length, bytes, from, to)) {
        return member;
      }
    }
    return null;
  }

  /** The element at a position, or NULL. */
  FieldTree elementAt(int index) {
    return elements == null || index >= elements.length ? null : elements[index];
  }

  static int hash(byte[] bytes, int from, int to) {
    int h = to - from;
    for (int p = from; p < to; p++) {
      h = h * 31 + bytes[p];
    }
    return h ^ (h >>> 15);
  }
}
