package io.shoplens.testing;

import io.shoplens.lake.logstore.S3AConditionalLogStore;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Ends a driver in the middle of its work: right before or right after one of its commits. */
public final class CommitFaults {
  /** When the driver ends. */
  public enum Moment {
    NEVER,
    BEFORE,
    AFTER
  }

  /** Fatal, so that nothing on the way takes it for an error it could handle. */
  @SuppressWarnings("serial")
  public static final class DriverDied extends VirtualMachineError {
    DriverDied(String message) {
      super(message);
    }
  }

  private static final AtomicInteger COMMITS = new AtomicInteger();
  private static volatile Moment moment = Moment.NEVER;
  private static volatile int commit;
  private static volatile String fired = "";

  private CommitFaults() {}

  /** Counts commits from 1 on, and ends the driver at the given one. */
  public static void arm(Moment when, int at) {
    COMMITS.set(0);
    fired = "";
    commit = at;
    moment = when;
  }

  /**
   * Lets drivers live again.
   *
   * @return commits seen since it was armed
   */
  public static int disarm() {
    moment = Moment.NEVER;
    return COMMITS.get();
  }

  /** The commit at which the fault struck; empty where it did not. */
  public static String fired() {
    return fired;
  }

  private static void strike(Moment now, int number, Path path) {
    if (moment == now && number == commit) {
      fired = path.getParent().getParent().getName() + "/" + path.getName();
      throw new DriverDied(now + " commit " + number + ", " + path);
    }
  }

  /** The log store of the tests: the real one, with a place to strike. */
  public static final class LogStore extends S3AConditionalLogStore {
    public LogStore(Configuration hadoop) {
      super(hadoop);
    }

    @Override
    public void write(Path path, Iterator<String> actions, Boolean overwrite, Configuration hadoop)
        throws IOException {
      if (overwrite) {
        super.write(path, actions, overwrite, hadoop);
        return;
      }
      int number = COMMITS.incrementAndGet();
      strike(Moment.BEFORE, number, path);
      super.write(path, actions, overwrite, hadoop);
      strike(Moment.AFTER, number, path);
    }
  }
}
