package io.shoplens.lake.logstore;

import io.delta.storage.LogStore;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Several drivers that commit to one table with nothing but a log store. Each loads the log store's
 * classes anew, so that locks inside one driver do not hold between them, as between processes.
 */
final class Drivers {
  private Drivers() {}

  /**
   * What a race left behind.
   *
   * @param acknowledged the commits their drivers took for done
   * @param found the commits that lie in the table, by the name of their file
   */
  record Race(List<String> acknowledged, TreeMap<String, String> found) {
    /** Commits that were acknowledged and are not there. */
    List<String> lost() {
      List<String> lost = new ArrayList<>(acknowledged);
      lost.removeAll(found.values());
      return lost;
    }

    /** Commits that lie under more than one version. */
    List<String> doubled() {
      List<String> doubled = new ArrayList<>(found.values());
      acknowledged.forEach(doubled::remove);
      return doubled;
    }
  }

  /** Lets drivers commit to a table at the same time, each a number of times. */
  static Race race(
      Class<? extends LogStore> type, Path table, int drivers, int commits, Configuration hadoop)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(drivers);
    try {
      CyclicBarrier start = new CyclicBarrier(drivers);
      List<Callable<List<String>>> work = new ArrayList<>();
      for (int driver = 0; driver < drivers; driver++) {
        Driver own = new Driver(type, "driver " + driver, table, hadoop);
        work.add(
            () -> {
              start.await(1, TimeUnit.MINUTES);
              return own.commit(commits);
            });
      }
      List<String> acknowledged = new ArrayList<>();
      for (Future<List<String>> done : threads.invokeAll(work)) {
        acknowledged.addAll(done.get());
      }
      return new Race(acknowledged, contents(table, hadoop));
    } finally {
      threads.shutdownNow();
    }
  }

  private static TreeMap<String, String> contents(Path table, Configuration hadoop)
      throws IOException {
    FileSystem files = table.getFileSystem(hadoop);
    TreeMap<String, String> contents = new TreeMap<>();
    for (FileStatus file : files.listStatus(table)) {
      try (InputStream in = files.open(file.getPath())) {
        contents.put(file.getPath().getName(), new String(in.readAllBytes()).strip());
      }
    }
    return contents;
  }

  /** One driver: tries the next version until one is its own. */
  private static final class Driver {
    private final Object store;
    private final Method write;
    private final String name;
    private final Path table;
    private final Configuration hadoop;

    Driver(Class<? extends LogStore> type, String name, Path table, Configuration hadoop)
        throws ReflectiveOperationException {
      Class<?> own = new Isolated().loadClass(type.getName());
      this.store = own.getConstructor(Configuration.class).newInstance(hadoop);
      this.write =
          own.getMethod("write", Path.class, Iterator.class, Boolean.class, Configuration.class);
      this.name = name;
      this.table = table;
      this.hadoop = hadoop;
    }

    List<String> commit(int commits) throws Exception {
      List<String> done = new ArrayList<>();
      long version = 0;
      while (done.size() < commits) {
        String content = name + " commit " + done.size();
        Path file = new Path(table, "%020d.json".formatted(version++));
        try {
          write.invoke(store, file, List.of(content).iterator(), false, hadoop);
          done.add(content);
        } catch (InvocationTargetException refused) {
          if (!(refused.getCause() instanceof FileAlreadyExistsException)) {
            throw refused;
          }
        }
      }
      return done;
    }
  }

  /** Loads log stores itself and everything else as usual. */
  private static final class Isolated extends ClassLoader {
    Isolated() {
      super(Drivers.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      boolean isOwn =
          name.startsWith("io.delta.storage.") || name.startsWith("io.shoplens.lake.logstore.S3A");
      if (!isOwn) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known != null ? known : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException failure) {
        throw new ClassNotFoundException(name, failure);
      }
    }
  }
}
