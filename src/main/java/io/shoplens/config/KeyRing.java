package io.shoplens.config;

import io.shoplens.error.Errors;
import io.shoplens.error.ShoplensException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of pseudonyms, in the order they came into use.
 *
 * <p>A pseudonym is {@code <key id>:<HMAC-SHA256 as base64url>}. The first key is applied to the id
 * as observed, each further one to the pseudonym under the keys before it. So a new key can be laid
 * over stored pseudonyms without the ids they stand for, and whoever got hold of the older keys
 * alone can compute no stored pseudonym any more.
 *
 * <p>Its text never shows a key.
 */
public final class KeyRing implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final String MAC = "HmacSHA256";
  private static final int LEAST_BYTES = 32;
  private static final Pattern ENTRY = Pattern.compile("([a-z][a-z0-9]{0,15}):([A-Za-z0-9+/]+=*)");
  private static final Pattern PSEUDONYM =
      Pattern.compile("([a-z][a-z0-9]{0,15}):[A-Za-z0-9_-]{43}");

  /** Uses of one key, so that what it gives for one says nothing about another. */
  private static final String PERSON = "person";

  private static final String ERASED = "erased";
  private static final String SESSION = "session";
  private static final String SEPARATOR = "\u001f";

  private final List<String> ids;
  private final List<byte[]> keys;

  private KeyRing(List<String> ids, List<byte[]> keys) {
    this.ids = new ArrayList<>(ids);
    this.keys = new ArrayList<>(keys);
  }

  /**
   * The keys of a text.
   *
   * @param text entries such as {@code k1:<base64 of 32 bytes or more>}, the oldest first, apart by
   *     commas or line ends
   * @param origin where it was given, in words
   * @throws ShoplensException with exit status 2 where it is not of this form; it shows no key
   */
  public static KeyRing parse(String text, String origin) {
    List<String> ids = new ArrayList<>();
    List<byte[]> keys = new ArrayList<>();
    Set<String> known = new HashSet<>();
    for (String entry : text.strip().split("[,\\s]+")) {
      Matcher matcher = ENTRY.matcher(entry);
      byte[] key = matcher.matches() ? bytes(matcher.group(2)) : new byte[0];
      if (key.length < LEAST_BYTES || !known.add(matcher.group(1))) {
        throw Errors.configuration(
            "The keys of pseudonyms can't be used.",
            "Entry "
                + (keys.size() + 1)
                + " of "
                + origin
                + " is not an id of its own, a colon and "
                + LEAST_BYTES
                + " bytes or more as base64.",
            "Make one with: echo k1:$(head -c 32 /dev/urandom | base64)");
      }
      ids.add(matcher.group(1));
      keys.add(key);
    }
    return new KeyRing(ids, keys);
  }

  private static byte[] bytes(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException notBase64) {
      return new byte[0];
    }
  }

  /** Ids of the keys, the oldest first. */
  public List<String> ids() {
    return List.copyOf(ids);
  }

  /** The pseudonym of an id as observed. */
  public String pseudonym(String observed) {
    return over(observed, 0);
  }

  /** An id as observed and every pseudonym it had as keys were added, the latest last. */
  public List<String> forms(String observed) {
    List<String> forms = new ArrayList<>(List.of(observed));
    for (int key = 0; key < keys.size(); key++) {
      forms.add(ids.get(key) + ":" + digest(key, PERSON, forms.get(key)));
    }
    return forms;
  }

  /**
   * The pseudonym of what is stored: an id as observed, or a pseudonym under the first of the keys.
   * What is under all of them already stays.
   */
  public String continued(String stored) {
    Matcher pseudonym = PSEUDONYM.matcher(stored);
    return over(stored, pseudonym.matches() ? ids.indexOf(pseudonym.group(1)) + 1 : 0);
  }

  private String over(String text, int first) {
    String layered = text;
    for (int key = first; key < keys.size(); key++) {
      layered = ids.get(key) + ":" + digest(key, PERSON, layered);
    }
    return layered;
  }

  /** What a list of erased persons holds of an id as observed, under one of the keys. */
  public String erasureMark(String keyId, String observed) {
    return digest(ids.indexOf(keyId), ERASED, observed);
  }

  /** The name of a session whose person's id becomes another: as many hexadecimal digits. */
  public String sessionName(String name) {
    byte[] hash = hash(keys.size() - 1, SESSION, name);
    return HexFormat.of().formatHex(hash).substring(0, name.length());
  }

  private String digest(int key, String use, String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash(key, use, text));
  }

  private byte[] hash(int key, String use, String text) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(keys.get(key), MAC));
      return mac.doFinal((use + SEPARATOR + text).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + MAC, e);
    }
  }

  @Override
  public String toString() {
    return "keys " + String.join(", ", ids);
  }
}
