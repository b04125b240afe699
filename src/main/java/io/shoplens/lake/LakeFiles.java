package io.shoplens.lake;

import io.shoplens.lake.logstore.S3AConditionalLogStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * Small files of a lake that are no tables, below {@code <root>/_shoplens}: whole or not there, and
 * of several who create one at the same time exactly one does, on disk, on S3 and on HDFS.
 */
final class LakeFiles {
  /** The folder below the lake's root that holds them; nothing in it is data. */
  static final String FOLDER = "_shoplens";

  private static final int READINGS = 5;

  private final Path root;
  private final Path folder;
  private final Configuration hadoop;
  private final FileSystem store;

  /**
   * The files in a folder below {@code _shoplens}.
   *
   * @throws IOException where the store is not to be had
   */
  LakeFiles(String lakeRoot, String folder, Configuration hadoop) throws IOException {
    this.root = new Path(lakeRoot);
    this.folder = new Path(new Path(root, FOLDER), folder);
    this.hadoop = hadoop;
    this.store = this.folder.getFileSystem(hadoop);
  }

  /** Creates a file; false where there is one of this name. */
  boolean createIfAbsent(String name, String text) throws IOException {
    Path path = new Path(folder, name);
    try {
      if (isOnDisk()) {
        // Hadoop's own file system looks first and writes then.
        store.mkdirs(folder);
        Files.writeString(local(path), text, StandardOpenOption.CREATE_NEW);
      } else if (ConditionalWrites.isS3A(store) && isConditional()) {
        new S3AConditionalLogStore(hadoop).write(path, List.of(text).iterator(), false, hadoop);
      } else {
        try (FSDataOutputStream file = store.create(path, false)) {
          file.write(text.getBytes(StandardCharsets.UTF_8));
        }
      }
      return true;
    } catch (FileAlreadyExistsException | org.apache.hadoop.fs.FileAlreadyExistsException taken) {
      return false;
    }
  }

  /** Writes a file, whether there is one of this name or not. */
  void replace(String name, String text) throws IOException {
    Path path = new Path(folder, name);
    if (isOnDisk()) {
      store.mkdirs(folder);
      java.nio.file.Path half = local(new Path(folder, "." + name));
      Files.writeString(half, text);
      Files.move(
          half, local(path), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } else if (ConditionalWrites.isS3A(store)) {
      // A put is whole or not at all, and there is no rename.
      new S3AConditionalLogStore(hadoop).write(path, List.of(text).iterator(), true, hadoop);
    } else {
      Path half = new Path(folder, "." + name);
      try (FSDataOutputStream file = store.create(half, true)) {
        file.write(text.getBytes(StandardCharsets.UTF_8));
      }
      FileContext.getFileContext(path.toUri(), hadoop).rename(half, path, Options.Rename.OVERWRITE);
    }
  }

  /**
   * The text of a file; empty where there is none. A file that is written anew between two requests
   * of one reading is refused by the store, and read again.
   */
  Optional<String> read(String name) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try (FSDataInputStream file = store.open(new Path(folder, name))) {
        return Optional.of(new String(file.readAllBytes(), StandardCharsets.UTF_8).strip());
      } catch (FileNotFoundException absent) {
        return Optional.empty();
      } catch (IOException failure) {
        if (attempt == READINGS) {
          throw failure;
        }
      }
    }
  }

  /** The names there are, in order. */
  List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    try {
      for (FileStatus file : store.listStatus(folder)) {
        if (!file.getPath().getName().startsWith(".")) {
          names.add(file.getPath().getName());
        }
      }
    } catch (FileNotFoundException absent) {
      return names;
    }
    names.sort(null);
    return names;
  }

  /** Removes a file, where there is one. */
  void delete(String name) throws IOException {
    store.delete(new Path(folder, name), false);
  }

  /** Removes the last file of a lake that holds nothing else, and the folders it leaves empty. */
  void deleteWithEmptyLake(String name) throws IOException {
    delete(name);
    for (Path left = folder; left.depth() >= root.depth(); left = left.getParent()) {
      if (!store.delete(left, false) || left.equals(root)) {
        return;
      }
    }
  }

  /** Whether there is nothing in the lake but a file of this name here. */
  boolean isAlone(String name) throws IOException {
    return store.listStatus(root).length == 1
        && store.listStatus(folder.getParent()).length == 1
        && names().equals(List.of(name));
  }

  /** A driver that is said to be the only one may be on a store that knows no conditions. */
  private boolean isConditional() {
    return ConditionalWrites.isConditional(
        hadoop.get(
            ConditionalWrites.logStoreSetting(root.toString()), ConditionalWrites.LOG_STORE));
  }

  private boolean isOnDisk() {
    return store.getScheme().equals("file");
  }

  private static java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath());
  }
}
