package io.shoplens.cli;

import io.shoplens.config.Feed;
import io.shoplens.config.Nearest;
import io.shoplens.config.ShoplensConfig;
import io.shoplens.error.Errors;
import io.shoplens.error.ExitStatus;
import io.shoplens.rawlog.FeedDraft;
import io.shoplens.rawlog.InputFile;
import io.shoplens.rawlog.MappingCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Commands about mappings. */
@Command(name = "mapping", description = "Tries a feed's mapping on a file, or drafts one.")
final class MappingCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "A command is missing: check.");
  }

  /** Tells what a mapping makes of a file, or drafts a mapping for it. */
  @Command(
      name = "check",
      sortOptions = false,
      description = {
        "With --conf and --feed: what the feed's mapping makes of a file, field by field, and what",
        "would be rejected and why. Without --feed: a first draft of a feed, guessed from the file.",
        "Nothing is written to the lake."
      })
  static final class Check extends ConfiguredCommand {
    @Option(names = "--feed", paramLabel = "FEED", description = "A feed of the configuration.")
    private String feed;

    @Parameters(paramLabel = "FILE", description = "A raw file on any file system.")
    private String file;

    Check(Context context) {
      super(context);
    }

    @Override
    ExitStatus work() {
      if (feed == null) {
        return inSession(
            options().sparkSettings(context()),
            session -> {
              write(FeedDraft.of(session, input(session)));
              return ExitStatus.DONE;
            });
      }
      ShoplensConfig config = options().config(context());
      Feed named = named(config);
      return inSession(
          config.spark(),
          session -> {
            InputFile input = input(session);
            write(
                MappingCheck.of(session, named, input, config.ingest(), config.reference()),
                config.ingest().fileRejectLimit());
            return ExitStatus.DONE;
          });
    }

    private Feed named(ShoplensConfig config) {
      List<String> names = config.feeds().stream().map(Feed::name).toList();
      return config.feeds().stream()
          .filter(each -> each.name().equals(feed))
          .findFirst()
          .orElseThrow(
              () ->
                  Errors.configuration(
                      "There is no feed " + TextTable.printable(feed) + ".",
                      names.isEmpty()
                          ? "The configuration has no feed."
                          : "The configuration has " + String.join(", ", names) + ".",
                      Nearest.to(feed, names)
                          .map(near -> "The nearest is " + near + ".")
                          .orElse("Leave --feed out to draft one from the file.")));
    }

    private InputFile input(SparkSession session) {
      try {
        Path path = new Path(context().located(file));
        FileStatus status =
            path.getFileSystem(session.sessionState().newHadoopConf()).getFileStatus(path);
        if (status.isDirectory()) {
          throw Errors.configuration(
              TextTable.printable(file) + " is a folder.",
              "A mapping is tried on one file.",
              "Name one of the files in it.");
        }
        return new InputFile(status.getPath().toString(), status.getLen());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void write(FeedDraft draft) {
      PrintWriter out = terminal().out();
      if (options().isJson()) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", Words.lower(draft.kind()));
        json.put("format", Words.lower(draft.format()));
        json.put("fields", draft.fields().stream().map(Check::json).toList());
        json.put("yaml", draft.yaml());
        out.println(Json.line(json));
      } else {
        TextTable fields = TextTable.of("field", "path", "may be", "example");
        for (FeedDraft.DraftField field : draft.fields()) {
          fields.row(
              field.name(),
              field.path(),
              field.contract().orElse("-"),
              Words.shortened(field.example().orElse("-")));
        }
        fields.lines().forEach(out::println);
        out.println();
        out.println("A draft to correct, to go below feeds: in a configuration:");
        out.println();
        out.println(draft.yaml().stripTrailing());
      }
      out.flush();
    }

    private static Map<String, Object> json(FeedDraft.DraftField field) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("field", field.name());
      json.put("path", field.path());
      json.put("contract", field.contract().orElse(null));
      json.put("example", field.example().orElse(null));
      return json;
    }

    private void write(MappingCheck check, BigDecimal limit) {
      PrintWriter out = terminal().out();
      if (options().isJson()) {
        out.println(Json.line(json(check)));
      } else {
        lines(check, limit).forEach(out::println);
      }
      out.flush();
    }

    private static List<String> lines(MappingCheck check, BigDecimal limit) {
      List<String> lines = new ArrayList<>();
      TextTable fields = TextTable.of("field", "from", ">filled", "examples");
      for (MappingCheck.MappedField field : check.fields()) {
        boolean isMapped = field.expression().isPresent();
        fields.row(
            field.field(),
            Words.shortened(field.expression().orElse("-")),
            isMapped ? Words.percent(BigDecimal.valueOf(field.share())) : "-",
            Words.shortened(String.join(" | ", field.examples())));
      }
      lines.addAll(fields.lines());
      lines.add("");
      lines.add(
          "rows "
              + Words.count(check.rows())
              + ", rejected records "
              + Words.count(check.rejected())
              + ", blank or left out "
              + Words.count(check.blank()));
      if (!check.rejections().isEmpty()) {
        lines.add("");
        TextTable rejections =
            TextTable.of("rejected for", "field", ">records", ">line", "as it came");
        for (MappingCheck.Rejection rejection : check.rejections()) {
          rejections.row(
              rejection.code(),
              rejection.field().orElse("-"),
              Words.count(rejection.records()),
              Words.count(rejection.line()),
              Words.shortened(rejection.example()));
        }
        lines.addAll(rejections.lines());
      }
      BigDecimal rejected = BigDecimal.valueOf(check.rejected() - check.cutOff());
      BigDecimal read = BigDecimal.valueOf(check.rows()).add(rejected);
      if (rejected.compareTo(limit.multiply(read)) > 0) {
        lines.add("");
        lines.add(
            "A run would hold this file: "
                + Words.share(rejected, read)
                + " rejected is over ingest.file-reject-limit, "
                + Words.percent(limit)
                + ".");
      }
      return lines;
    }

    private static Map<String, Object> json(MappingCheck check) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("feed", check.feed());
      json.put("file", check.file());
      json.put("rows", check.rows());
      json.put("rejected", check.rejected());
      json.put("blank", check.blank());
      json.put("fields", check.fields().stream().map(Check::json).toList());
      json.put("rejections", check.rejections().stream().map(Check::json).toList());
      return json;
    }

    private static Map<String, Object> json(MappingCheck.MappedField field) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("field", field.field());
      json.put("expression", field.expression().orElse(null));
      json.put("share", field.share());
      json.put("examples", field.examples());
      return json;
    }

    private static Map<String, Object> json(MappingCheck.Rejection rejection) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("code", rejection.code());
      json.put("field", rejection.field().orElse(null));
      json.put("records", rejection.records());
      json.put("line", rejection.line());
      json.put("example", rejection.example());
      return json;
    }
  }
}
