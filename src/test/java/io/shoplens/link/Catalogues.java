package io.shoplens.link;

import io.shoplens.config.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The link catalogues that ship in conf/, and small ones made by hand. */
public final class Catalogues {
  private Catalogues() {}

  /** What ships, with shop.example and app.example as own domains. */
  public static Reference shipped() {
    Map<String, String> known = new LinkedHashMap<>();
    lines("known_redirects.csv", 2, cells -> known.put(cells[0], cells[1]));
    return reference(
        lines("merchants.csv", 7, Catalogues::merchant),
        lines(
            "redirectors.csv",
            5,
            cells -> new Reference.Redirector(cells[0], cells[1], cells[2], cells[3], cells[4])),
        lines("shorteners.csv", 2, cells -> new Reference.Shortener(cells[0], cells[1])),
        known,
        lines("query_parameters.csv", 5, Catalogues::parameter));
  }

  /** A reference of these alone. */
  public static Reference reference(
      List<Reference.Merchant> merchants,
      List<Reference.Redirector> redirectors,
      List<Reference.Shortener> shorteners,
      Map<String, String> knownRedirects,
      List<Reference.QueryParameter> queryParameters) {
    return new Reference(
        Map.of(),
        Map.of(),
        Map.of(),
        merchants,
        redirectors,
        shorteners,
        knownRedirects,
        List.of(
            new Reference.OwnDomain("shop.example", "own"),
            new Reference.OwnDomain("app.example", "own"),
            new Reference.OwnDomain("paypal.com", "payment")),
        List.of(),
        List.of(),
        List.of(),
        queryParameters,
        List.of());
  }

  /** A competing marketplace's domain. */
  public static Reference.Merchant marketplace(String group, String domain) {
    return new Reference.Merchant(
        group, Optional.empty(), group, domain, "marketplace", true, "test");
  }

  private static Reference.Merchant merchant(String[] cells) {
    return new Reference.Merchant(
        cells[0],
        Optional.of(cells[1]).filter(parent -> !parent.isEmpty()),
        cells[2],
        cells[3],
        cells[4],
        Boolean.parseBoolean(cells[5]),
        cells[6]);
  }

  private static Reference.QueryParameter parameter(String[] cells) {
    return new Reference.QueryParameter(
        cells[0],
        cells[1],
        cells[2],
        Optional.of(cells[3]).filter(network -> !network.isEmpty()),
        Optional.of(cells[4]).filter(group -> !group.isEmpty()));
  }

  /** The lines of a catalogue, header apart, each of exactly so many cells without quotes. */
  static <T> List<T> lines(String file, int width, Function<String[], T> line) {
    try {
      return Files.readAllLines(Path.of("conf", file)).stream()
          .filter(text -> !text.startsWith("#") && !text.isBlank())
          .skip(1)
          .map(text -> cells(file, text, width))
          .map(line)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String[] cells(String file, String text, int width) {
    String[] cells = text.split(",", -1);
    if (cells.length != width || text.indexOf('"') >= 0) {
      throw new IllegalArgumentException(file + ": " + text);
    }
    return cells;
  }
}
