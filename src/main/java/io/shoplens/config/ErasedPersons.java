package io.shoplens.config;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Who was erased: keyed hashes, by which an id is known again when raw logs are read once more and
 * from which none can be had.
 */
public final class ErasedPersons implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What stands in text where an erased id stood. */
  public static final String WORD = "erased";

  /** What an id is replaced by begins with it. */
  public static final String TOKEN_PREFIX = "erased:";

  private static final String MAC = "HmacSHA256";
  private static final int TOKEN_DIGITS = 32;

  /**
   * One erased id.
   *
   * @param keyId key of its mark
   * @param mark keyed hash of the id, or of a pseudonym of it
   * @param length characters of the id as observed; empty where only a pseudonym was known
   */
  public record Mark(String keyId, String mark, Optional<Integer> length) {}

  private final KeyRing keys;
  private final Map<String, Set<String>> marks = new HashMap<>();
  private final Set<Integer> lengths = new HashSet<>();

  private ErasedPersons(List<Mark> all, KeyRing keys) {
    this.keys = keys;
    for (Mark mark : all) {
      marks.computeIfAbsent(mark.keyId(), id -> new HashSet<>()).add(mark.mark());
      mark.length().ifPresent(lengths::add);
    }
  }

  /** Nobody. */
  public static ErasedPersons none() {
    return new ErasedPersons(List.of(), null);
  }

  /** Those of the marks, whose keys are all on the ring. */
  public static ErasedPersons of(List<Mark> marks, KeyRing keys) {
    return new ErasedPersons(List.copyOf(marks), keys);
  }

  /** What replaces an id under a salt; a replacement is replaced by itself, NULL by NULL. */
  public static String token(byte[] salt, String id) {
    return id == null || id.startsWith(TOKEN_PREFIX)
        ? id
        : TOKEN_PREFIX + hexToken(salt, id).substring(0, TOKEN_DIGITS);
  }

  /** Hexadecimal digits of the HMAC-SHA256 of a text under a salt. */
  public static String hexToken(byte[] salt, String text) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(salt, MAC));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + MAC, e);
    }
  }

  public boolean isEmpty() {
    return marks.isEmpty();
  }

  /** Number of erased ids. */
  public int size() {
    return marks.values().stream().mapToInt(Set::size).sum();
  }

  /** Whether an id as observed is one of them. */
  public boolean holds(String observed) {
    if (observed == null || observed.isEmpty() || isEmpty()) {
      return false;
    }
    for (String form : keys.forms(observed)) {
      for (Map.Entry<String, Set<String>> known : marks.entrySet()) {
        if (known.getValue().contains(keys.erasureMark(known.getKey(), form))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Text without their ids, where they are words of their own. */
  public String withoutIds(String text) {
    String left = text;
    for (String id : idsIn(text)) {
      left = IdText.replaced(left, id, WORD);
    }
    return left;
  }

  /** JSON text without their ids. */
  public String withoutIdsInJson(String json) {
    String left = json;
    for (String id : idsIn(json)) {
      left = IdText.replacedInJson(left, id, WORD);
    }
    return left;
  }

  /** Whether one of their ids is a word of a text. */
  public boolean isIn(String text) {
    return !idsIn(text).isEmpty();
  }

  /** Whether one of their ids is a word of a text, and long enough to be replaced there. */
  public boolean isReplacedIn(String text) {
    return idsIn(text).stream().anyMatch(id -> id.length() >= IdText.LEAST_LENGTH);
  }

  private Set<String> idsIn(String text) {
    Set<String> found = new HashSet<>();
    if (text != null && !isEmpty()) {
      IdText.words(text, lengths).stream().filter(this::holds).forEach(found::add);
    }
    return found;
  }

  @Override
  public String toString() {
    return size() + " erased ids";
  }
}
