package io.shoplens.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of the software, as its jar was built. */
public final class Version {
  private static final String BUILT = "/META-INF/maven/io.shoplens/shoplens/pom.properties";

  private Version() {}

  /** The version, or {@code development} where the classes don't come from a jar. */
  public static String text() {
    try (InputStream built = Version.class.getResourceAsStream(BUILT)) {
      Properties properties = new Properties();
      if (built != null) {
        properties.load(built);
      }
      return properties.getProperty("version", "development");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
