package io.shoplens.lake;

import io.shoplens.config.Feed;
import io.shoplens.config.FeedPath;
import io.shoplens.config.FeedPath.DateParts;
import io.shoplens.error.Errors;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Lists the files of a feed, whose path is a {@link FeedPath}. Names that start with {@code .} or
 * {@code _} are not data.
 */
public final class FeedFiles {
  private FeedFiles() {}

  /**
   * Which of the folders that carry a date are listed.
   *
   * @param from all of this date and later ones
   * @param also earlier ones
   */
  public record Window(LocalDate from, Set<LocalDate> also) {
    /** All folders. */
    public static final Window ALL = new Window(LocalDate.MIN, Set.of());

    private boolean mayHold(DateParts parts) {
      return equals(ALL) || parts.mayReach(from) || also.stream().anyMatch(parts::mayBe);
    }
  }

  /**
   * The files of a feed, by path.
   *
   * @throws io.shoplens.error.ShoplensException where the path does not exist
   */
  public static List<FeedFile> of(Feed feed, Configuration hadoop) {
    return of(feed, hadoop, Window.ALL);
  }

  /**
   * The files of a feed, by path, without those in folders of other dates than wanted, which are
   * not listed.
   *
   * @throws io.shoplens.error.ShoplensException where the path does not exist
   */
  public static List<FeedFile> of(Feed feed, Configuration hadoop, Window window) {
    FeedPath path = FeedPath.of(feed.path());
    Path base = new Path(path.base());
    List<FeedFile> files = new ArrayList<>();
    try {
      FileSystem store = base.getFileSystem(hadoop);
      for (Path folder : folders(store, base, path, window)) {
        RemoteIterator<LocatedFileStatus> listing = store.listFiles(folder, true);
        while (listing.hasNext()) {
          FileStatus status = listing.next();
          if (isData(base, status.getPath()) && path.matches(status.getPath().toUri().getPath())) {
            files.add(feedFile(feed.name(), status));
          }
        }
      }
    } catch (FileNotFoundException absent) {
      throw Errors.storage(
          "Feed " + feed.name() + " has no input: " + feed.path() + " does not exist.",
          "There is no " + base + ".",
          "Correct feeds." + feed.name() + ".path, or put the files there.",
          absent);
    } catch (IOException failure) {
      throw new UncheckedIOException("can't list " + base, failure);
    }
    files.sort(Comparator.comparing(FeedFile::path));
    return files;
  }

  /** The date that the folders of a file carry; empty where the feed's path tells none. */
  public static Optional<LocalDate> date(Feed feed, FeedFile file) {
    FeedPath path = FeedPath.of(feed.path());
    String base = new Path(path.base()).toUri().getPath();
    String name = new Path(file.path()).toUri().getPath();
    return name.startsWith(base + "/")
        ? path.date(name.substring(base.length()))
        : Optional.empty();
  }

  /** The folders to be listed to their ends: the base, or those of the dates wanted below it. */
  private static List<Path> folders(FileSystem store, Path base, FeedPath path, Window window)
      throws IOException {
    record Dated(Path folder, DateParts parts) {}
    List<Dated> level = List.of(new Dated(base, DateParts.NONE));
    if (window.equals(Window.ALL)) {
      return List.of(base);
    }
    for (Pattern name : path.folders()) {
      List<Dated> below = new ArrayList<>();
      for (Dated each : level) {
        for (FileStatus status : store.listStatus(each.folder())) {
          Path folder = status.getPath();
          if (status.isDirectory() && isData(base, folder)) {
            each.parts()
                .with(name, folder.getName())
                .filter(window::mayHold)
                .ifPresent(parts -> below.add(new Dated(folder, parts)));
          }
        }
      }
      level = below;
    }
    return level.stream().map(Dated::folder).toList();
  }

  /** A file as it is listed now. */
  static FeedFile listed(String feed, Path path, Configuration hadoop) throws IOException {
    return feedFile(feed, path.getFileSystem(hadoop).getFileStatus(path));
  }

  /** Whether a file is still there with the content it was read with. */
  public static boolean isUnchanged(FeedFile file, Configuration hadoop) {
    Path path = new Path(file.path());
    try {
      return file.isSameContent(listed(file.feed(), path, hadoop));
    } catch (FileNotFoundException gone) {
      return false;
    } catch (IOException failure) {
      throw new UncheckedIOException("can't look at " + path, failure);
    }
  }

  /**
   * Reads a file's first byte: who may list it may not be let read it.
   *
   * @throws UncheckedIOException where it can't be read
   */
  public static void requireReadable(FeedFile file, Configuration hadoop) {
    Path path = new Path(file.path());
    try (InputStream stored = path.getFileSystem(hadoop).open(path)) {
      stored.readNBytes(1);
    } catch (IOException failure) {
      throw new UncheckedIOException("can't read " + path, failure);
    }
  }

  /**
   * Whether a file's content is given out: what an archive has is listed, and refused.
   *
   * @throws UncheckedIOException where nobody can tell
   */
  public static boolean isReadable(FeedFile file, Configuration hadoop) {
    try {
      requireReadable(file, hadoop);
      return true;
    } catch (UncheckedIOException failure) {
      if (failure.getCause() instanceof AccessDeniedException) {
        return false;
      }
      throw failure;
    }
  }

  private static boolean isData(Path base, Path file) {
    String below = file.toUri().getPath().substring(base.toUri().getPath().length());
    for (String name : below.split("/")) {
      if (name.startsWith(".") || name.startsWith("_")) {
        return false;
      }
    }
    return true;
  }

  private static FeedFile feedFile(String feed, FileStatus status) {
    Optional<String> etag =
        status instanceof EtagSource source
            ? Optional.ofNullable(source.getEtag()).filter(mark -> !mark.isBlank())
            : Optional.empty();
    return new FeedFile(
        feed,
        status.getPath().toString(),
        etag,
        Instant.ofEpochMilli(status.getModificationTime()),
        status.getLen());
  }
}
