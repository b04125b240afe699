package io.shoplens.cli;

import io.shoplens.error.Errors;
import io.shoplens.error.ExitStatus;
import io.shoplens.link.LinkResolver;
import io.shoplens.link.ResolvedLink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Tells what the job makes of links, and by which rules. Opens no session. */
@Command(
    name = "resolve",
    sortOptions = false,
    description = {
      "Tells what the job makes of a link, step by step.",
      "The rules are the reference tables of the configuration (default: conf/samples.yaml).",
      "Nothing is asked of the network."
    })
final class ResolveCommand extends ConfiguredCommand {
  private static final String STANDARD_INPUT = "-";

  @Parameters(
      paramLabel = "URL",
      arity = "1..*",
      description = "Links; - reads them from standard input, one a line.")
  private List<String> links = new ArrayList<>();

  ResolveCommand(Context context) {
    super(context);
  }

  @Override
  ExitStatus work() {
    LinkResolver resolver = LinkResolver.of(options().configOrSamples(context()).reference());
    for (String link : links) {
      if (link.equals(STANDARD_INPUT)) {
        resolveInput(resolver);
      } else {
        write(link, resolver.resolve(link));
      }
    }
    terminal().out().flush();
    return ExitStatus.DONE;
  }

  private void resolveInput(LinkResolver resolver) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          write(line, resolver.resolve(line));
        }
      }
    } catch (IOException failure) {
      throw Errors.storage(
          "Can't read standard input.",
          String.valueOf(failure.getMessage()),
          "Give the links as arguments.",
          failure);
    }
  }

  private void write(String link, ResolvedLink resolved) {
    if (options().isJson()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("url", link);
      json.putAll(fields(resolved));
      json.put(
          "steps",
          resolved.steps().stream()
              .map(step -> Map.of("rule", step.rule(), "outcome", step.outcome()))
              .toList());
      terminal().out().println(Json.line(json));
      return;
    }
    PrintWriter out = terminal().out();
    out.println(link);
    int number = 1;
    for (ResolvedLink.Step step : resolved.steps()) {
      out.println("  " + number++ + ". " + step.rule() + ": " + step.outcome());
    }
    fields(resolved)
        .forEach(
            (name, value) -> {
              if (value != null) {
                out.println("  %-20s %s".formatted(name, text(value)));
              }
            });
  }

  private static Object text(Object value) {
    return value instanceof Map<?, ?> values
        ? values.entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining(", "))
        : value;
  }

  private static Map<String, Object> fields(ResolvedLink link) {
    Map<String, Object> fields = new LinkedHashMap<>();
    put(fields, "final_url", link.finalUrl());
    put(fields, "host", link.host());
    put(fields, "registrable_domain", link.registrableDomain());
    put(fields, "merchant", link.merchant());
    put(fields, "merchant_group", link.merchantGroup());
    put(fields, "parent_group", link.parentGroup());
    fields.put("link_kind", link.linkKind());
    fields.put("certainty", link.certainty().text());
    fields.put("is_competitor", link.isCompetitor());
    put(fields, "product_key", link.productKey());
    put(fields, "affiliate_network", link.affiliateNetwork());
    put(fields, "tracking_parameters", link.trackingParameters());
    put(fields, "affiliate_parameters", link.affiliateParameters());
    return fields;
  }

  private static void put(Map<String, Object> fields, String name, Map<String, String> values) {
    fields.put(name, values.isEmpty() ? null : values);
  }

  private static void put(Map<String, Object> fields, String name, Optional<String> value) {
    fields.put(name, value.orElse(null));
  }
}
