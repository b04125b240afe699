package io.shoplens.testing;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** A real S3 server on a free loopback port, over a folder; buckets are its sub-folders. */
public final class LoopbackS3 implements AutoCloseable {
  public static final String ACCESS_KEY = "loopback-access";
  public static final String SECRET_KEY = "loopback-secret";

  private final S3Proxy server;

  private LoopbackS3(S3Proxy server) {
    this.server = server;
  }

  /** Starts a server with the given buckets. */
  public static LoopbackS3 start(Path folder, String... buckets) throws Exception {
    return start(AuthenticationType.AWS_V2_OR_V4, folder, buckets);
  }

  /** Starts a server that asks for no signature, so that a request can be changed on its way. */
  public static LoopbackS3 startOpen(Path folder, String... buckets) throws Exception {
    return start(AuthenticationType.NONE, folder, buckets);
  }

  private static LoopbackS3 start(AuthenticationType authentication, Path folder, String... buckets)
      throws Exception {
    for (String bucket : buckets) {
      Files.createDirectories(folder.resolve(bucket));
    }
    S3Proxy server =
        S3Proxy.builder()
            .blobStore(new FilesystemNio2BlobStore(folder.toString()))
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(authentication, ACCESS_KEY, SECRET_KEY)
            .build();
    server.start();
    return new LoopbackS3(server);
  }

  /** Where it listens. */
  public String endpoint() {
    return "http://127.0.0.1:" + server.getPort();
  }

  /** Hadoop settings that reach it, with its credentials. */
  public Map<String, String> hadoopSettings() {
    return hadoopSettings(endpoint());
  }

  /** Hadoop settings that reach it by way of another address, with its credentials. */
  public static Map<String, String> hadoopSettings(String endpoint) {
    return Map.of(
        "fs.s3a.endpoint", endpoint,
        "fs.s3a.endpoint.region", "us-east-1",
        "fs.s3a.path.style.access", "true",
        "fs.s3a.connection.ssl.enabled", "false",
        "fs.s3a.access.key", ACCESS_KEY,
        "fs.s3a.secret.key", SECRET_KEY,
        "fs.s3a.attempts.maximum", "2",
        "fs.s3a.retry.limit", "1",
        "fs.s3a.connection.establish.timeout", "5s");
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception failure) {
      throw new IllegalStateException("the S3 server did not stop", failure);
    }
  }
}
