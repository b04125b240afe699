package io.shoplens.lake;

import io.shoplens.config.Feed;
import io.shoplens.error.Errors;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Lists the files of a feed.
 *
 * <p>A feed's path is a file, a folder (all files below it) or a glob, in which {@code **} crosses
 * folders. Names that start with {@code .} or {@code _} are not data.
 */
public final class FeedFiles {
  private FeedFiles() {}

  /**
   * The files of a feed, by path.
   *
   * @throws io.shoplens.error.ShoplensException where the path does not exist
   */
  public static List<FeedFile> of(Feed feed, Configuration hadoop) {
    Path base = new Path(base(feed.path()));
    PathMatcher matcher = matcher(feed.path());
    List<FeedFile> files = new ArrayList<>();
    try {
      FileSystem store = base.getFileSystem(hadoop);
      RemoteIterator<LocatedFileStatus> listing = store.listFiles(base, true);
      while (listing.hasNext()) {
        FileStatus status = listing.next();
        if (isData(base, status.getPath())
            && matcher.matches(java.nio.file.Path.of(status.getPath().toUri().getPath()))) {
          files.add(feedFile(feed.name(), status));
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

  /** Whether a file is still there with the content it was read with. */
  public static boolean isUnchanged(FeedFile file, Configuration hadoop) {
    Path path = new Path(file.path());
    try {
      return file.isSameContent(
          feedFile(file.feed(), path.getFileSystem(hadoop).getFileStatus(path)));
    } catch (FileNotFoundException gone) {
      return false;
    } catch (IOException failure) {
      throw new UncheckedIOException("can't look at " + path, failure);
    }
  }

  /** The part of a path before its first wildcard, up to the last slash. */
  private static String base(String path) {
    int wildcard = firstWildcard(path);
    return wildcard < 0 ? path : path.substring(0, path.lastIndexOf('/', wildcard));
  }

  private static int firstWildcard(String path) {
    for (int i = 0; i < path.length(); i++) {
      if ("*?[{".indexOf(path.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private static PathMatcher matcher(String path) {
    if (firstWildcard(path) < 0) {
      return file -> true;
    }
    String local = path.replaceFirst("^[a-zA-Z][a-zA-Z0-9+.-]*:(//[^/]*)?", "");
    return FileSystems.getDefault().getPathMatcher("glob:" + local);
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
