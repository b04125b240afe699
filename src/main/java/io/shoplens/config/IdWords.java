package io.shoplens.config;

import java.io.Serializable;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Ids that texts are searched for: few one by one, and many in one pass over each text, so that a
 * list of a thousand persons takes no longer than one of twenty.
 */
public final class IdWords implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Ids up to which to look for each of them is faster than to take a text apart. */
  private static final int FEW = 16;

  private final Set<String> ids;
  private final Set<Integer> lengths = new HashSet<>();

  /** Those that are looked for one by one. */
  private final List<String> single;

  private IdWords(Set<String> ids) {
    this.ids = ids;
    this.single =
        ids.stream().filter(id -> ids.size() <= FEW || !IdText.isOneValue(id)).sorted().toList();
    ids.stream().filter(id -> !single.contains(id)).map(String::length).forEach(lengths::add);
  }

  /** Looks for ids, of which none is empty. */
  public static IdWords of(Collection<String> ids) {
    return new IdWords(Set.copyOf(ids));
  }

  /** Those that are words of a text, in order; none of NULL. */
  public Set<String> in(String text) {
    Set<String> found = new TreeSet<>();
    if (text == null) {
      return found;
    }
    single.stream().filter(id -> IdText.occursIn(text, id)).forEach(found::add);
    if (!lengths.isEmpty()) {
      IdText.words(text, lengths).stream().filter(ids::contains).forEach(found::add);
    }
    return found;
  }

  /** Text with {@link ErasedPersons#WORD} in their place, where they are long enough. */
  public String replacedIn(String text) {
    String left = text;
    for (String id : in(text)) {
      left = IdText.replaced(left, id, ErasedPersons.WORD);
    }
    return left;
  }

  /** JSON text with {@link ErasedPersons#WORD} in their place, where they are long enough. */
  public String replacedInJson(String json) {
    String left = json;
    for (String id : in(json)) {
      left = IdText.replacedInJson(left, id, ErasedPersons.WORD);
    }
    return left;
  }
}
