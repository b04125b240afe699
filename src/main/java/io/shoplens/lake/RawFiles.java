package io.shoplens.lake;

import static org.apache.hadoop.fs.Options.CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE_ETAG;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.RemoteFileChangedException;

/**
 * Raw files written anew where they lie. A reader finds the old content or the new, never half of
 * it; a file that somebody else has changed in the meantime is left as it is.
 */
public final class RawFiles {
  /** What becomes of a file's bytes. */
  @FunctionalInterface
  public interface Change {
    void copy(InputStream stored, OutputStream target) throws IOException;
  }

  /** Whether what was written may take a file's place. */
  @FunctionalInterface
  public interface Check {
    /**
     * Looks at the new content, which lies under another name of the same ending.
     *
     * @throws IOException where it may not
     */
    void require(String path, long size) throws IOException;
  }

  private RawFiles() {}

  /**
   * Writes a file anew.
   *
   * @param file as it was listed
   * @param check the last word on its new content
   * @return the file as it is listed now; empty where it was gone or changed
   * @throws IOException where it can't be read, changed or written; it is as it was then
   */
  public static Optional<FeedFile> replace(
      FeedFile file, Change change, Check check, Configuration hadoop) throws IOException {
    Path path = new Path(file.path());
    FileSystem store = path.getFileSystem(hadoop);
    if (!FeedFiles.isUnchanged(file, hadoop)) {
      return Optional.empty();
    }
    Path half = half(path);
    try {
      try (InputStream stored = store.open(path);
          OutputStream target = isOnDisk(store) ? onDisk(half) : store.create(half, true)) {
        change.copy(stored, target);
      }
      check.require(half.toString(), store.getFileStatus(half).getLen());
      boolean isReplaced =
          FeedFiles.isUnchanged(file, hadoop) && takesPlace(store, half, path, file.etag());
      return isReplaced
          ? Optional.of(FeedFiles.listed(file.feed(), path, hadoop))
          : Optional.empty();
    } catch (FileNotFoundException gone) {
      return Optional.empty();
    } finally {
      store.delete(half, false);
    }
  }

  /**
   * Where a file's new content lies until it takes its place: in the same folder, so that it can,
   * under a name that no feed reads.
   */
  public static Path half(Path file) {
    return new Path(file.getParent(), ".shoplens-" + file.getName());
  }

  private static boolean isOnDisk(FileSystem store) {
    return store.getScheme().equals("file");
  }

  /** Without the sums that Hadoop keeps beside a file of its own. */
  private static OutputStream onDisk(Path path) throws IOException {
    return Files.newOutputStream(local(path));
  }

  private static java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath());
  }

  private static boolean takesPlace(FileSystem store, Path half, Path path, Optional<String> etag)
      throws IOException {
    if (ConditionalWrites.isS3A(store)) {
      return put(store, half, path, etag);
    }
    if (isOnDisk(store)) {
      Files.move(
          local(half),
          local(path),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
      Files.deleteIfExists(local(new Path(path.getParent(), "." + path.getName() + ".crc")));
    } else {
      FileContext.getFileContext(path.toUri(), store.getConf())
          .rename(half, path, Options.Rename.OVERWRITE);
    }
    return true;
  }

  /** S3 has no rename; a put is whole or not at all, and with an ETag only on top of that. */
  private static boolean put(FileSystem store, Path half, Path path, Optional<String> etag)
      throws IOException {
    FSDataOutputStreamBuilder<?, ?> builder =
        store.createFile(path).create().overwrite(true).recursive();
    etag.ifPresent(mark -> builder.must(FS_OPTION_CREATE_CONDITIONAL_OVERWRITE_ETAG, mark));
    FSDataOutputStream out = (FSDataOutputStream) builder.build();
    try (InputStream in = store.open(half)) {
      in.transferTo(out);
    } catch (IOException failure) {
      // Closed, it would put what it has.
      out.abort();
      throw failure;
    }
    try {
      out.close();
    } catch (RemoteFileChangedException changed) {
      return false;
    }
    return true;
  }
}
