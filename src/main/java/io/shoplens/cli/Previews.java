package io.shoplens.cli;

import io.shoplens.job.IngestPreview;
import io.shoplens.job.IngestPreview.FileToRead;
import io.shoplens.rawlog.SampleCheck;
import io.shoplens.rawlog.SampleCheck.Rejection;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an ingest would do, for people and for machines. */
final class Previews {
  private static final int FILES_TOLD = 20;

  private Previews() {}

  /**
   * Writes what an ingest would do as the options say.
   *
   * @param limit share of rejected records over which a file is held
   */
  static void write(
      List<IngestPreview> previews, BigDecimal limit, Terminal terminal, CommonOptions options) {
    if (options.isJson()) {
      terminal.out().println(Json.line(previews.stream().map(Previews::json).toList()));
    } else {
      previews.stream()
          .flatMap(preview -> lines(preview, limit).stream())
          .forEach(terminal.out()::println);
      terminal.out().println("Nothing was written.");
    }
    terminal.out().flush();
  }

  private static List<String> lines(IngestPreview preview, BigDecimal limit) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "feed "
            + preview.feed()
            + ": "
            + Words.count(preview.files().size())
            + " of "
            + Words.count(preview.listed(), "file")
            + " would be read, "
            + Words.count(preview.bytes(), "byte"));
    if (!preview.files().isEmpty()) {
      TextTable files = TextTable.of("  file", ">bytes", "why");
      preview.files().stream()
          .limit(FILES_TOLD)
          .forEach(file -> files.row("  " + file.path(), Words.count(file.size()), file.why()));
      lines.addAll(files.lines());
      if (preview.files().size() > FILES_TOLD) {
        lines.add(
            "  and "
                + Words.count(preview.files().size() - FILES_TOLD)
                + " more; --json names all of them");
      }
    }
    preview.sample().ifPresent(sample -> lines.addAll(lines(sample, limit)));
    lines.add("");
    return lines;
  }

  private static List<String> lines(SampleCheck sample, BigDecimal limit) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "  of the first "
            + Words.count(sample.records(), "record")
            + " of "
            + Words.count(sample.files(), "file")
            + " "
            + Words.count(sample.rejected())
            + " would be rejected");
    if (!sample.rejections().isEmpty()) {
      TextTable table =
          TextTable.of("  rejected for", "field", ">records", "first in", ">line", "as it came");
      for (Rejection rejection : sample.rejections()) {
        table.row(
            "  " + rejection.code(),
            rejection.field().orElse("-"),
            Words.count(rejection.records()),
            rejection.file().substring(rejection.file().lastIndexOf('/') + 1),
            Words.count(rejection.line()),
            Words.shortened(rejection.example()));
      }
      lines.addAll(table.lines());
    }
    BigDecimal rejected = BigDecimal.valueOf(sample.rejected() - sample.cutOff());
    BigDecimal read = BigDecimal.valueOf(sample.records() - sample.cutOff());
    if (rejected.compareTo(limit.multiply(read)) > 0) {
      lines.add(
          "  A file like this would be held: "
              + Words.share(rejected, read)
              + " rejected is over ingest.file-reject-limit, "
              + Words.percent(limit)
              + ".");
    }
    return lines;
  }

  private static Map<String, Object> json(IngestPreview preview) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("feed", preview.feed());
    json.put("files_listed", preview.listed());
    json.put("bytes", preview.bytes());
    json.put("files", preview.files().stream().map(Previews::json).toList());
    json.put("sample_records", preview.sample().map(SampleCheck::records).orElse(0L));
    json.put("sample_rejected", preview.sample().map(SampleCheck::rejected).orElse(0L));
    json.put(
        "rejections",
        preview.sample().map(SampleCheck::rejections).orElse(List.of()).stream()
            .map(Previews::json)
            .toList());
    return json;
  }

  private static Map<String, Object> json(FileToRead file) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("path", file.path());
    json.put("size_bytes", file.size());
    json.put("why", file.why());
    return json;
  }

  private static Map<String, Object> json(Rejection rejection) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("code", rejection.code());
    json.put("field", rejection.field().orElse(null));
    json.put("records", rejection.records());
    json.put("source_file", rejection.file());
    json.put("source_line", rejection.line());
    json.put("example", rejection.example());
    return json;
  }
}
