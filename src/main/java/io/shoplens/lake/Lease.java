package io.shoplens.lake;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.shoplens.config.LakeSettings;
import io.shoplens.config.LakeSettings.SecondRun;
import io.shoplens.config.Settings;
import io.shoplens.error.Errors;
import io.shoplens.error.ShoplensException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/**
 * The right to write to a lake, which one process has at a time.
 *
 * <p>It is a numbered file below {@code _shoplens/lease}; the holder is who created the one with
 * the largest number. The next number may be created when that file says that it is released, or
 * when its holder is dead: its process is gone from this machine, or the file, which a living
 * holder rewrites again and again, stays as it is for the expiry. Silence is measured by the
 * watcher's own stopwatch, so that no two clocks have to agree. A process that was killed thus
 * keeps nobody out for longer than the expiry. One that was merely silent may wake up after another
 * has taken over: before whatever it changes it therefore looks whether it still has the lease.
 */
public final class Lease implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FOLDER = "lease";
  private static final Pattern NAME = Pattern.compile("\\d{20}\\.json");
  private static final long LONGEST_PAUSE_MILLIS = 2_000;
  private static final String TICKS = "ticks ";

  /** Of the fields of {@code /proc/<pid>/stat}, from 1 on, the one that says when it started. */
  private static final int STARTED = 22;

  /** What the file says of its holder. */
  private record Holder(
      String id,
      String command,
      String host,
      String machine,
      long pid,
      String pidStartedAt,
      String since,
      String state,
      long beat) {
    private static final String HELD = "held";
    private static final String RELEASED = "released";

    static Holder ofThisProcess(String command, Instant now) {
      ProcessHandle process = ProcessHandle.current();
      return new Holder(
          UUID.randomUUID().toString(),
          command,
          Lease.host(),
          Lease.machine(),
          process.pid(),
          ticksAtStart(process.pid()).orElseGet(() -> instantOfStart(process)),
          now.toString(),
          HELD,
          0);
    }

    Holder beating() {
      return new Holder(id, command, host, machine, pid, pidStartedAt, since, state, beat + 1);
    }

    Holder released() {
      return new Holder(id, command, host, machine, pid, pidStartedAt, since, RELEASED, beat);
    }

    /** Whether it is of this machine and its process has ended. */
    boolean isKnownDead() {
      return machine.equals(Lease.machine())
          && ProcessHandle.of(pid)
              .map(process -> !process.isAlive() || !isOurs(process))
              .orElse(true);
    }

    /** Whether a process of its number is the one: numbers are given again. */
    private boolean isOurs(ProcessHandle process) {
      return pidStartedAt.startsWith(TICKS)
          ? ticksAtStart(pid).filter(pidStartedAt::equals).isPresent()
          : instantOfStart(process).equals(pidStartedAt);
    }

    boolean isFree() {
      return state.equals(RELEASED);
    }

    boolean isKnownAlive() {
      return machine.equals(Lease.machine()) && !isKnownDead();
    }

    String described() {
      return "`shoplens " + command + "` on " + host + ", process " + pid + ", since " + since;
    }
  }

  /** The file with the largest number, and since when it was seen as it is. */
  private record Seen(long number, String text, Optional<Holder> holder, long atNanos) {
    boolean isFree() {
      return number == 0 || holder.filter(Holder::isFree).isPresent();
    }

    boolean isDead(Duration expiry) {
      return holder.filter(Holder::isKnownDead).isPresent()
          || System.nanoTime() - atNanos > expiry.toNanos();
    }
  }

  private final LakeFiles files;
  private final long number;
  private final Duration expiry;
  private final ScheduledExecutorService beats =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "shoplens-lease");
            thread.setDaemon(true);
            return thread;
          });
  private Holder holder;
  private Future<?> beating;
  private boolean isFailed;
  private volatile boolean isLost;
  private volatile long beatAtNanos = System.nanoTime();

  private Lease(LakeFiles files, long number, Holder holder, Duration expiry) {
    this.files = files;
    this.number = number;
    this.holder = holder;
    this.expiry = expiry;
  }

  /**
   * Takes the lease, or waits for it as the settings say.
   *
   * @param command what the holder does, as messages of others name it
   * @param notices takes one line where there is something to wait for
   * @throws ShoplensException with exit status 3 where another holds it
   */
  public static Lease take(
      String lakeRoot,
      LakeSettings settings,
      String command,
      Configuration hadoop,
      Consumer<String> notices) {
    try {
      LakeFiles files = new LakeFiles(lakeRoot, FOLDER, hadoop);
      return new Taking(files, settings, command, notices).lease();
    } catch (IOException failure) {
      throw new UncheckedIOException("can't take the lease of " + lakeRoot, failure);
    }
  }

  /** Who holds the lease of a lake and is not known to be dead. */
  public static Optional<String> heldBy(String lakeRoot, Configuration hadoop) {
    try {
      Seen seen = look(new LakeFiles(lakeRoot, FOLDER, hadoop), Optional.empty());
      return seen.isFree()
          ? Optional.empty()
          : seen.holder().filter(holder -> !holder.isKnownDead()).map(Holder::described);
    } catch (IOException failure) {
      throw new UncheckedIOException("can't look at the lease of " + lakeRoot, failure);
    }
  }

  /** One who wants the lease. */
  private record Taking(
      LakeFiles files, LakeSettings settings, String command, Consumer<String> notices) {

    Lease lease() throws IOException {
      long start = System.nanoTime();
      Optional<Seen> before = Optional.empty();
      while (true) {
        Seen seen = look(files, before);
        if (seen.isFree() || seen.isDead(settings.leaseExpiry())) {
          Optional<Lease> taken = next(seen.number());
          if (taken.isPresent()) {
            return taken.get();
          }
          continue;
        }
        boolean isAlive =
            seen.holder().filter(Holder::isKnownAlive).isPresent()
                || before.filter(first -> !first.text().equals(seen.text())).isPresent();
        if (settings.secondRun() == SecondRun.REFUSE && isAlive) {
          throw refusal(seen, "and " + Settings.LAKE_SECOND_RUN.key() + " is refuse.");
        }
        if (System.nanoTime() - start > settings.waitLimit().toNanos()) {
          throw refusal(
              seen, "and was still at work after " + settings.waitLimit().toSeconds() + " s.");
        }
        if (before.isEmpty() && settings.secondRun() == SecondRun.WAIT) {
          notices.accept("waiting for " + described(seen));
        }
        before = Optional.of(seen);
        pause();
      }
    }

    /** Creates the next number; empty where another was faster. */
    private Optional<Lease> next(long number) throws IOException {
      Holder own = Holder.ofThisProcess(command, Instant.now());
      String name = name(number + 1);
      if (!files.createIfAbsent(name, JSON.writeValueAsString(own))) {
        return Optional.empty();
      }
      List<String> names = leases(files);
      // One who looked long ago may create a number that others have left behind.
      if (!names.get(names.size() - 1).equals(name)) {
        files.delete(name);
        return Optional.empty();
      }
      for (String old : names.subList(0, names.size() - 1)) {
        files.delete(old);
      }
      Lease lease = new Lease(files, number + 1, own, settings.leaseExpiry());
      lease.startBeating();
      return Optional.of(lease);
    }

    private void pause() throws IOException {
      try {
        Thread.sleep(Math.min(LONGEST_PAUSE_MILLIS, settings.leaseExpiry().toMillis() / 10));
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while it waited for the lease", interrupted);
      }
    }

    private static ShoplensException refusal(Seen seen, String reason) {
      return Errors.input(
          "Another run is at work on this lake.",
          "It is " + described(seen) + ", " + reason,
          "Run again when it has ended; "
              + Settings.LAKE_SECOND_RUN.key()
              + " and "
              + Settings.LAKE_WAIT_LIMIT.key()
              + " say whether and how long to wait.");
    }

    private static String described(Seen seen) {
      return seen.holder().map(Holder::described).orElse("a run that has just begun");
    }
  }

  private static Seen look(LakeFiles files, Optional<Seen> before) throws IOException {
    List<String> names = leases(files);
    if (names.isEmpty()) {
      return new Seen(0, "", Optional.empty(), System.nanoTime());
    }
    String latest = names.get(names.size() - 1);
    // Names are numbers of equal length, so that the last one is the largest.
    long number = Long.parseLong(latest.substring(0, latest.indexOf('.')));
    String text = files.read(latest).orElse("");
    long since =
        before
            .filter(seen -> seen.number() == number && seen.text().equals(text))
            .map(Seen::atNanos)
            .orElseGet(System::nanoTime);
    return new Seen(number, text, holder(text), since);
  }

  /** Empty for a file that is just being written, or was when its writer died. */
  private static Optional<Holder> holder(String text) {
    try {
      return Optional.of(JSON.readValue(text, Holder.class));
    } catch (IOException notYet) {
      return Optional.empty();
    }
  }

  private static String name(long number) {
    return "%020d.json".formatted(number);
  }

  /** The files there are, in order; some stores list what is still being written beside them. */
  private static List<String> leases(LakeFiles files) throws IOException {
    return files.names().stream().filter(name -> NAME.matcher(name).matches()).toList();
  }

  private void startBeating() {
    long pause = expiry.toMillis() / 5;
    beating = beats.scheduleWithFixedDelay(this::beat, pause, pause, TimeUnit.MILLISECONDS);
  }

  private void beat() {
    try {
      look();
      if (isLost) {
        return;
      }
      holder = holder.beating();
      files.replace(name(number), JSON.writeValueAsString(holder));
      beatAtNanos = System.nanoTime();
    } catch (IOException | RuntimeException failure) {
      // The next beat tries again; what counts is how long none came through.
    }
  }

  /** Looks whether another has taken over. */
  private void look() throws IOException {
    List<String> names = leases(files);
    if (names.isEmpty() || !names.get(names.size() - 1).equals(name(number))) {
      isLost = true;
    }
  }

  /**
   * Requires that this process still has the lease. The lake is asked each time: a process that was
   * stopped, or whose machine was asleep, knows nothing of who took over, nor for how long it
   * slept.
   *
   * @throws ShoplensException with exit status 3
   */
  public void require() {
    try {
      look();
    } catch (IOException failure) {
      throw new UncheckedIOException("can't look at the lease", failure);
    }
    if (isLost || System.nanoTime() - beatAtNanos > expiry.toNanos()) {
      throw Errors.input(
          "This run has lost its place to another.",
          "For "
              + expiry.toSeconds()
              + " s it gave no sign of life, because the machine was asleep or the store out of"
              + " reach.",
          "Run again: what is done is kept. "
              + Settings.LAKE_LEASE_EXPIRY.key()
              + " says after how long a silent run counts as dead.");
    }
  }

  /** Gives the lease back. Where that fails the next one waits for the expiry. */
  @Override
  public void close() {
    beating.cancel(false);
    beats.shutdown();
    try {
      if (beats.awaitTermination(expiry.toMillis(), TimeUnit.MILLISECONDS) && !isLost) {
        giveBack();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException unreachable) {
      // What the run did stands; that is not to be hidden by an error of its farewell.
    }
  }

  /** Says that the work failed: of one that wrote nothing, nothing is left in the lake. */
  public void failed() {
    isFailed = true;
  }

  private void giveBack() throws IOException {
    if (isFailed && files.isAlone(name(number))) {
      files.deleteWithEmptyLake(name(number));
    } else {
      files.replace(name(number), JSON.writeValueAsString(holder.released()));
    }
  }

  /**
   * When a process started, in ticks since the boot that {@link #machine()} names; empty where it
   * is not Linux. No step of the clock moves it, as it does the instant, which Linux computes from
   * the instant of the boot.
   */
  private static Optional<String> ticksAtStart(long pid) {
    try {
      String stat =
          Files.readString(
              Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
      // The second field is the command's name, in brackets, which may hold anything.
      String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return Optional.of(TICKS + afterName[STARTED - 3]);
    } catch (IOException notLinux) {
      return Optional.empty();
    }
  }

  private static String instantOfStart(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException unknown) {
      return "an unnamed host";
    }
  }

  /**
   * What tells apart all that has process numbers of its own: boots of machines, and containers.
   */
  private static String machine() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip()
          + " "
          + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException notLinux) {
      return host();
    }
  }
}
