package io.shoplens.lake.logstore;

import io.delta.storage.LogStore;
import java.net.URL;
import java.net.URLClassLoader;
import org.apache.hadoop.conf.Configuration;

/**
 * A class path that has Delta, Hadoop and the log store's own classes, as that of another Delta
 * user has, and nothing else of Shoplens.
 */
final class LogStoreAlone extends URLClassLoader {
  private static final String OURS = "io.shoplens.";
  private static final String PACKAGE = S3AConditionalLogStore.class.getPackageName() + ".";

  /** With the classes of a jar or folder. */
  LogStoreAlone(URL classes) {
    super(new URL[] {classes}, LogStoreAlone.class.getClassLoader());
  }

  @Override
  protected Class<?> loadClass(String name, boolean isResolved) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, isResolved);
    }
    if (!name.startsWith(PACKAGE)) {
      throw new ClassNotFoundException(name + " is not of the log store");
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }

  /** The log store as Delta makes it, by the name in its settings. */
  LogStore logStore(Configuration hadoop) throws ReflectiveOperationException {
    return (LogStore)
        Class.forName(S3AConditionalLogStore.class.getName(), true, this)
            .getConstructor(Configuration.class)
            .newInstance(hadoop);
  }
}
