package io.shoplens.cli;

import io.shoplens.config.IdText;
import io.shoplens.config.KeyRing;
import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.Errors;
import io.shoplens.error.ExitStatus;
import io.shoplens.job.Erasure;
import io.shoplens.job.Erasure.Erased;
import io.shoplens.job.Erasure.Purge;
import io.shoplens.job.Erasure.Raw;
import io.shoplens.job.PublishedAgain;
import io.shoplens.lake.IdSearch;
import io.shoplens.lake.IdSearch.Found;
import io.shoplens.lake.Lake;
import io.shoplens.lake.PersonKeys;
import io.shoplens.table.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Takes persons out of the lake, or proves that they are out of it. */
@Command(
    name = "erase",
    sortOptions = false,
    description = {
      "Takes persons out of every table: their ids, and whatever else their records said of them.",
      "What happened stays, under a token in place of the id, and with it every figure.",
      "Replays leave them out.",
      "Past states hold them until maintain removes those, after lake.keep."
    })
final class EraseCommand extends ConfiguredCommand {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  @Option(
      names = "--user",
      paramLabel = "ID",
      arity = "1..*",
      description = {
        "Users, and with them the devices that only they were seen on.",
        "Ids given here stand in the list of processes and in Spark's event log: rather use --file."
      })
  private List<String> users = List.of();

  @Option(
      names = "--device",
      paramLabel = "ID",
      arity = "1..*",
      description = "Devices; they can be seen by others as with --user.")
  private List<String> devices = List.of();

  @Option(names = "--file", paramLabel = "F", description = "A file of users, one a line.")
  private Path file;

  @Option(
      names = "--prove",
      description =
          "Erases nothing: reads every object of the lake and names those that hold an id.")
  private boolean isProof;

  @Option(
      names = "--purge-now",
      description = {
        "Removes every past state at once: no time travel, no restore to before it.",
        "Queries that are reading just then fail."
      })
  private boolean isPurgedNow;

  @Option(
      names = "--raw",
      description = {
        "Reads every raw file and writes those that hold them anew without them.",
        "Without it the files are listed that stored rows of theirs came from: not those with only"
            + " a repeat of a record, with rejected records under pseudonyms, or not read yet."
      })
  private boolean isRawRewritten;

  EraseCommand(Context context) {
    super(context);
  }

  @Override
  ExitStatus work() {
    Set<String> userIds = new TreeSet<>(users);
    Set<String> deviceIds = new TreeSet<>(devices);
    if (userIds.stream().anyMatch(String::isBlank)
        || deviceIds.stream().anyMatch(String::isBlank)) {
      throw Errors.configuration(
          "An id is empty.",
          "--user or --device was given one without a character, such as a variable that is not set.",
          "Give ids as the raw logs have them.");
    }
    userIds.addAll(idsOfFile());
    if (userIds.isEmpty() && deviceIds.isEmpty()) {
      throw Errors.configuration(
          "Nobody is named.",
          "None of --user, --device and --file gives an id.",
          "Name a user's or device's id as the raw logs have it.");
    }
    ShoplensConfig config = options().config(context());
    return inSession(
        config.spark(),
        session ->
            isProof
                ? prove(session, config, userIds, deviceIds)
                : erase(session, config, userIds, deviceIds));
  }

  private Set<String> idsOfFile() {
    if (file == null) {
      return Set.of();
    }
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      // The mark that some programs begin a text with is no part of the first id.
      return text.substring(text.startsWith(BYTE_ORDER_MARK) ? 1 : 0)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException failure) {
      throw Errors.storage(
          "The file " + file + " can't be read.",
          String.valueOf(failure.getMessage()),
          "Give a text file in UTF-8, one id a line.",
          failure);
    }
  }

  private ExitStatus erase(
      SparkSession session, ShoplensConfig config, Set<String> userIds, Set<String> deviceIds) {
    if (isPurgedNow) {
      notice(
          "--purge-now: no state before this can be read or restored any more; queries that are"
              + " reading fail");
    }
    Lake lake = new Lake(session, config.lakeRoot());
    write(
        new Erasure(
                lake, config, new PublishedAgain(lake, config, context().clock(), Version.text()))
            .erase(
                userIds,
                deviceIds,
                isRawRewritten ? Raw.REWRITTEN : Raw.LISTED,
                isPurgedNow ? Purge.NOW : Purge.IN_TIME,
                this::notice));
    if (!isRawRewritten) {
      notice(
          "raw files are known by stored rows: those with only a repeat of a record, with rejected"
              + " records under pseudonyms, or not read yet are not listed; --raw reads all");
    }
    return ExitStatus.DONE;
  }

  private void write(Erased erased) {
    List<String> tables = erased.tables().stream().map(Table::name).toList();
    if (options().isJson()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("users", erased.users());
      json.put("devices", erased.devices());
      json.put("tables", tables);
      json.put("raw_files", erased.rawFiles());
      json.put("raw_files_rewritten", erased.rewritten());
      terminal().out().println(Json.line(json));
    } else if (!options().isQuiet()) {
      terminal()
          .out()
          .println(
              "erased %s users and %s devices from %s tables"
                  .formatted(
                      Words.count(erased.users()),
                      Words.count(erased.devices()),
                      Words.count(tables.size())));
      if (!erased.rewritten().isEmpty()) {
        list("raw files written anew without them:", erased.rewritten());
      }
      if (!erased.rawFiles().isEmpty()) {
        list("raw files that hold them, for their owner to mend:", erased.rawFiles());
      }
    }
    terminal().out().flush();
  }

  private ExitStatus prove(
      SparkSession session, ShoplensConfig config, Set<String> userIds, Set<String> deviceIds) {
    Lake lake = new Lake(session, config.lakeRoot());
    Set<String> forms = new TreeSet<>(userIds);
    forms.addAll(deviceIds);
    PersonKeys.configured(config.privacy(), lake.hadoop())
        .ifPresent(keys -> forms.addAll(pseudonyms(keys, Set.copyOf(forms))));
    Found found = IdSearch.of(lake, forms);
    if (options().isJson()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("objects", found.objects());
      json.put("holding", found.holding());
      json.put("doubtful", found.doubtful());
      json.put("undecoded", found.undecoded());
      terminal().out().println(Json.line(json));
    } else {
      list(
          "found in %s of %s objects"
              .formatted(Words.count(found.holding().size()), Words.count(found.objects())),
          found.holding());
      if (!found.doubtful().isEmpty()) {
        list(
            "ids of less than %d characters are words, maybe of something else, in:"
                .formatted(IdText.LEAST_LENGTH),
            found.doubtful());
      }
      if (!found.undecoded().isEmpty()) {
        list("can't be decoded, so that only their bytes were looked at:", found.undecoded());
      }
    }
    terminal().out().flush();
    return found.holding().isEmpty() && found.undecoded().isEmpty()
        ? ExitStatus.DONE
        : ExitStatus.CHECK_FAILED;
  }

  private void list(String heading, List<String> paths) {
    terminal().out().println(heading);
    paths.forEach(path -> terminal().out().println("  " + path));
  }

  private static Set<String> pseudonyms(KeyRing keys, Set<String> ids) {
    return ids.stream().flatMap(id -> keys.forms(id).stream()).collect(Collectors.toSet());
  }
}
