package io.shoplens.lake.logstore;

import io.delta.storage.HadoopFileSystemLogStore;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.AWSServiceIOException;
import org.apache.hadoop.fs.s3a.RemoteFileChangedException;

/**
 * Commits to Delta tables on S3 from any number of drivers at once, without a lock table beside the
 * bucket: a commit file is created by a conditional write ({@code If-None-Match: *}), of which the
 * store lets exactly one win.
 *
 * <p>Delta's own log store for S3 locks inside one JVM: two drivers overwrite each other's commits
 * and both are told that they succeeded. This one is switched on by {@code
 * spark.delta.logStore.s3a.impl=io.shoplens.lake.logstore.S3AConditionalLogStore}, in the settings
 * the session is started with; every writer of a table must use it. It needs Hadoop 3.4.2 or later
 * and a store that enforces conditional writes.
 *
 * <p>S3A repeats a request whose answer was lost, so a refusal may be about one's own write, and an
 * error may have come after the write was done. After any error the file is therefore read back:
 * the same bytes are a success, other bytes are a lost race, which Delta resolves and tries again
 * under the next version. Equal bytes can't be another writer's, because every commit carries an id
 * of its own.
 */
public class S3AConditionalLogStore extends HadoopFileSystemLogStore {
  private static final String CREATE_IF_ABSENT = "fs.option.create.conditional.overwrite";

  /**
   * Conflict with a write under way (409), lost precondition of a file that is gone, throttling.
   */
  private static final Set<Integer> PASSING = Set.of(409, 412, 429, 500, 503);

  private static final int TRIES = 8;
  private static final long FIRST_PAUSE_MILLIS = 50;

  public S3AConditionalLogStore(Configuration hadoop) {
    super(hadoop);
  }

  @Override
  public void write(Path path, Iterator<String> actions, Boolean overwrite, Configuration hadoop)
      throws IOException {
    byte[] content = content(actions);
    FileSystem store = path.getFileSystem(hadoop);
    if (overwrite) {
      write(store.create(path, true), content);
    } else {
      createIfAbsent(store, path, content);
    }
  }

  /** A file of S3 is visible as a whole or not at all. */
  @Override
  public Boolean isPartialWriteVisible(Path path, Configuration hadoop) {
    return false;
  }

  /** The actions can be read once only, and a write may have to be repeated. */
  private static byte[] content(Iterator<String> actions) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    while (actions.hasNext()) {
      content.writeBytes(actions.next().getBytes(StandardCharsets.UTF_8));
      content.write('\n');
    }
    return content.toByteArray();
  }

  private static void createIfAbsent(FileSystem store, Path path, byte[] content)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        create(store, path, content);
        return;
      } catch (IOException failure) {
        if (isThere(store, path, content, failure)) {
          return;
        }
        if (attempt == TRIES || !isPassing(failure)) {
          throw failure;
        }
        pause(attempt);
      }
    }
  }

  private static void create(FileSystem store, Path path, byte[] content) throws IOException {
    write(
        (FSDataOutputStream)
            store
                .createFile(path)
                .create()
                .overwrite(false)
                .recursive()
                .must(CREATE_IF_ABSENT, true)
                .build(),
        content);
  }

  /** The store is asked when the file is closed; a refusal is thrown from there. */
  private static void write(FSDataOutputStream file, byte[] content) throws IOException {
    try {
      file.write(content);
      file.flush();
    } catch (IOException failure) {
      // Closed, it would put what reached the buffer: half a commit, and the first of its name.
      file.abort();
      throw failure;
    }
    file.close();
  }

  /**
   * Whether the file has the content; not so where it is absent, or replaced while it is read.
   *
   * @throws FileAlreadyExistsException where it has another
   * @throws IOException the given failure, where nobody can tell
   */
  private static boolean isThere(FileSystem store, Path path, byte[] content, IOException failure)
      throws IOException {
    byte[] found;
    try (FSDataInputStream file = store.open(path)) {
      found = file.readNBytes(content.length + 1);
    } catch (FileNotFoundException | RemoteFileChangedException passing) {
      return false;
    } catch (IOException unknown) {
      failure.addSuppressed(unknown);
      throw failure;
    }
    if (!Arrays.equals(found, content)) {
      FileAlreadyExistsException lost = new FileAlreadyExistsException(path.toString());
      lost.initCause(failure);
      throw lost;
    }
    return true;
  }

  private static boolean isPassing(IOException failure) {
    return failure instanceof RemoteFileChangedException
        || (failure instanceof AWSServiceIOException answered
            && PASSING.contains(answered.statusCode()));
  }

  /** Doubles with every attempt, to 3 seconds or more before the last; the half of it by chance. */
  private static void pause(int attempt) throws InterruptedIOException {
    long longest = FIRST_PAUSE_MILLIS << attempt;
    try {
      Thread.sleep(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException)
          new InterruptedIOException("interrupted between two tries of a commit")
              .initCause(interrupted);
    }
  }
}
