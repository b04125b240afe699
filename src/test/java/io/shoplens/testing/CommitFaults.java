package io.shoplens.testing;

import io.delta.storage.S3SingleDriverLogStore;
import io.shoplens.lake.logstore.S3AConditionalLogStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
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

  /** How the driver ends. */
  public enum End {
    /** By an error that nothing on the way takes for one it could handle. */
    FATAL_ERROR,
    /** The process is gone, and runs nothing on its way out. */
    HALT
  }

  /** What commits are made without, to show that it is missed. */
  public enum Missing {
    NOTHING,
    /** Delta's own log store for S3 writes them. */
    CONDITIONAL_WRITES,
    /** They carry no transaction ids. */
    TRANSACTION_IDS
  }

  /** Exit code of a driver that was halted. */
  public static final int HALTED = 97;

  /** Fatal, so that nothing on the way takes it for an error it could handle. */
  @SuppressWarnings("serial")
  public static final class DriverDied extends VirtualMachineError {
    DriverDied(String message) {
      super(message);
    }
  }

  private static final AtomicInteger COMMITS = new AtomicInteger();
  private static final Map<String, String> ACKNOWLEDGED = new ConcurrentHashMap<>();
  private static volatile Moment moment = Moment.NEVER;
  private static volatile End end = End.FATAL_ERROR;
  private static volatile Missing missing = Missing.NOTHING;
  private static volatile int commit;
  private static volatile String fired = "";

  private CommitFaults() {}

  /** Counts commits from 1 on, and ends the driver at the given one. */
  public static void arm(Moment when, int at) {
    arm(End.FATAL_ERROR, when, at);
  }

  /** Counts commits from 1 on, and ends the driver at the given one in a way. */
  public static void arm(End how, Moment when, int at) {
    COMMITS.set(0);
    fired = "";
    commit = at;
    end = how;
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

  /** Makes commits without something from now on. */
  public static void without(Missing what) {
    missing = what;
  }

  /** What this JVM was told that it has committed below a path: the actions by file. */
  public static Map<String, String> acknowledged(String below) {
    Map<String, String> commits = new TreeMap<>(ACKNOWLEDGED);
    commits.keySet().removeIf(file -> !file.startsWith(below + "/"));
    return commits;
  }

  private static void strike(Moment now, int number, Path path) {
    if (moment == now && number == commit) {
      fired = path.getParent().getParent().getName() + "/" + path.getName();
      if (end == End.HALT) {
        Runtime.getRuntime().halt(HALTED);
      }
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
      List<String> content = new ArrayList<>();
      actions.forEachRemaining(content::add);
      if (missing == Missing.TRANSACTION_IDS) {
        content.removeIf(action -> action.startsWith("{\"txn\":"));
      }
      int number = COMMITS.incrementAndGet();
      strike(Moment.BEFORE, number, path);
      if (missing == Missing.CONDITIONAL_WRITES) {
        new S3SingleDriverLogStore(hadoop).write(path, content.iterator(), overwrite, hadoop);
      } else {
        super.write(path, content.iterator(), overwrite, hadoop);
      }
      ACKNOWLEDGED.put(path.toString(), String.join("\n", content));
      strike(Moment.AFTER, number, path);
    }
  }
}
