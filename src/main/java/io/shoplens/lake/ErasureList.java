package io.shoplens.lake;

import io.shoplens.config.ErasedPersons;
import io.shoplens.config.ErasedPersons.Mark;
import io.shoplens.config.KeyRing;
import io.shoplens.config.PrivacySettings;
import io.shoplens.error.Errors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The list of erased persons of a lake, below {@code _shoplens/privacy}: it belongs to no table, so
 * that no restore takes anybody off it. Beside it lies, while an erasure is at work, the salt of
 * its replacements, so that one that was cut short goes on with the same; nothing tells any more
 * what replaced whom once it is gone.
 */
public final class ErasureList {
  /** How much of a lake is published. */
  public enum Published {
    ALL,
    IN_PART
  }

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String FOLDER = "privacy";
  private static final String LIST = "erased-";
  private static final String PLAN = "erasing";
  private static final String SALT = "salt";
  private static final String MARKS = "marks";
  private static final String PUBLISHED = "published";
  private static final String RAW_FILES = "rawFiles";
  private static final int SALT_BYTES = 32;

  private final Lake lake;
  private final UnfinishedWork work;

  public ErasureList(Lake lake) {
    this.lake = lake;
    this.work = new UnfinishedWork(lake, FOLDER, PLAN);
  }

  /**
   * Who was erased.
   *
   * @throws io.shoplens.error.ShoplensException where a key of the list is not configured
   */
  public ErasedPersons persons(PrivacySettings settings) {
    List<Mark> marks = marks();
    if (marks.isEmpty()) {
      return ErasedPersons.none();
    }
    KeyRing keys =
        PersonKeys.require(
            settings, lake.hadoop(), "Persons were erased, and the list of them is keyed.");
    for (Mark mark : marks) {
      if (!keys.ids().contains(mark.keyId())) {
        throw Errors.configuration(
            "The list of erased persons can't be used.",
            "It is keyed with " + mark.keyId() + ", and configured are " + keys.ids() + ".",
            "Configure " + mark.keyId() + " again; keys that came into use stay.");
      }
    }
    return ErasedPersons.of(marks, keys);
  }

  /** The list as it stands. */
  public List<Mark> marks() {
    try {
      List<Mark> marks = new ArrayList<>();
      for (String name : files().names()) {
        if (name.startsWith(LIST)) {
          files()
              .read(name)
              .ifPresent(text -> text.lines().map(ErasureList::mark).forEach(marks::add));
        }
      }
      return marks;
    } catch (IOException failure) {
      throw new UncheckedIOException("can't read the list of erased persons", failure);
    }
  }

  /** Puts persons on the list. */
  public void add(String runId, List<Mark> marks) {
    List<String> lines =
        marks.stream()
            .map(
                mark ->
                    mark.keyId()
                        + " "
                        + mark.mark()
                        + mark.length().map(length -> " " + length).orElse(""))
            .toList();
    lake.requireLease();
    try {
      files().replace(LIST + runId, String.join("\n", lines));
    } catch (IOException failure) {
      throw new UncheckedIOException("can't write the list of erased persons", failure);
    }
  }

  private static Mark mark(String line) {
    String[] parts = line.split(" ");
    return new Mark(
        parts[0],
        parts[1],
        parts.length > 2 ? Optional.of(Integer.valueOf(parts[2])) : Optional.empty());
  }

  /**
   * Begins the erasure of persons, or goes on with one; gives the salt of its replacements.
   *
   * @param before how much of the lake was published before
   */
  public byte[] begin(List<String> marks, Published before) {
    Map<String, String> plan = work.plan().orElseGet(TreeMap::new);
    plan.putIfAbsent(PUBLISHED, before.name());
    Set<String> open = entries(plan, MARKS, ",");
    open.addAll(marks);
    plan.computeIfAbsent(
        SALT,
        key -> {
          byte[] salt = new byte[SALT_BYTES];
          RANDOM.nextBytes(salt);
          return Base64.getEncoder().encodeToString(salt);
        });
    plan.put(MARKS, String.join(",", open));
    work.begin(plan);
    return Base64.getDecoder().decode(plan.get(SALT));
  }

  /**
   * Notes raw files that hold the persons of an erasure that has begun. Bronze tells of them only
   * until it is rewritten, and their owner is to learn of them from one that was cut short too.
   *
   * @return all that are noted, these and earlier ones
   */
  public Set<String> noteRawFiles(Collection<String> files) {
    Map<String, String> plan = work.plan().orElseGet(TreeMap::new);
    Set<String> noted = entries(plan, RAW_FILES, "\n");
    noted.addAll(files);
    plan.put(RAW_FILES, String.join("\n", noted));
    work.begin(plan);
    return noted;
  }

  /** Ends the erasure of persons; with the last of them the salt goes. */
  public void end(List<String> marks) {
    Map<String, String> plan = work.plan().orElseGet(TreeMap::new);
    Set<String> open = entries(plan, MARKS, ",");
    open.removeAll(marks);
    plan.put(MARKS, String.join(",", open));
    if (open.isEmpty()) {
      work.end();
    } else {
      work.begin(plan);
    }
  }

  /**
   * How much of the lake was published before an erasure that was cut short, which nothing but an
   * erasure has worked on since; empty where none was.
   */
  public Optional<Published> publishedBefore() {
    return work.plan().map(plan -> plan.get(PUBLISHED)).map(Published::valueOf);
  }

  /** Whether an erasure was cut short: it is to be repeated with the same ids. */
  public boolean isUnfinished() {
    return work.plan().isPresent();
  }

  private static Set<String> entries(Map<String, String> plan, String key, String separator) {
    Set<String> entries = new TreeSet<>(List.of(plan.getOrDefault(key, "").split(separator)));
    entries.remove("");
    return entries;
  }

  private LakeFiles files() throws IOException {
    return new LakeFiles(lake.root(), FOLDER, lake.hadoop());
  }
}
