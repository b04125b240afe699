package io.shoplens.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a real S3 server on loopback and does to its traffic what networks and other stores
 * do: answers get lost, requests fail, headers are ignored. What a rule lets pass goes through byte
 * by byte, signature and host included.
 */
public final class S3Relay implements AutoCloseable {

  /** What becomes of a request. */
  public enum Fate {
    PASS,
    /** The server does as it is asked, and the connection is cut before the answer. */
    ANSWER_LOST,
    /** The connection is cut before the server hears of it. */
    RESET,
    /**
     * The server does as it is asked, nothing is heard for two seconds, and the connection is cut.
     */
    STALL,
    /** The server is busy with the same key. */
    CONFLICT,
    /** An error of the server. */
    ERROR,
    /** The caller has no right to it. */
    DENIED,
    /** Too many requests. */
    SLOW_DOWN,
    /** The store knows no conditional writes: it ignores the condition. */
    CONDITION_IGNORED,
    /** The store knows no conditional writes: it refuses them. */
    CONDITION_REFUSED,
    /** The store looks whether the key is there, and writes a while later. */
    CHECKED_THEN_WRITTEN
  }

  /** Decides on each request; called by many threads. */
  @FunctionalInterface
  public interface Rule {
    Fate fate(Request request);
  }

  /**
   * A request without its body.
   *
   * @param target path and query
   * @param headers by lower-case name
   */
  public record Request(String method, String target, Map<String, String> headers) {
    /** Whether it writes a commit of a Delta table. */
    public boolean isCommit() {
      return method.equals("PUT") && target.matches(".*/_delta_log/\\d{20}\\.json");
    }

    /** Whether it is to succeed only where the key is not there. */
    public boolean isConditional() {
      return method.equals("PUT") && headers.containsKey("if-none-match");
    }
  }

  private static final long STALL_MILLIS = 2000;
  private static final long CHECK_MILLIS = 100;

  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

  private final URI server;
  private final Rule rule;
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger interfered = new AtomicInteger();

  private S3Relay(URI server, Rule rule) throws IOException {
    this.server = server;
    this.rule = rule;
    this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
  }

  /** Starts a relay before a server. */
  public static S3Relay before(LoopbackS3 server, Rule rule) throws IOException {
    S3Relay relay = new S3Relay(URI.create(server.endpoint()), rule);
    relay.threads.execute(relay::accept);
    return relay;
  }

  /** Where it listens. */
  public String endpoint() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /** Requests so far that did not just pass. */
  public int interfered() {
    return interfered.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        threads.execute(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = client.getInputStream();
      Request request = request(in);
      if (request == null) {
        return;
      }
      if ("100-continue".equalsIgnoreCase(request.headers().get("expect"))) {
        client.getOutputStream().write(CONTINUE);
      }
      byte[] body =
          in.readNBytes(Integer.parseInt(request.headers().getOrDefault("content-length", "0")));
      Fate fate = rule.fate(request);
      if (fate != Fate.PASS) {
        interfered.incrementAndGet();
      }
      client.getOutputStream().write(answer(request, body, fate));
    } catch (IOException cut) {
      // Either side may go at any time; the other sees that its connection is cut.
    }
  }

  private byte[] answer(Request request, byte[] body, Fate fate) throws IOException {
    switch (fate) {
      case PASS:
        return forwarded(request, body);
      case ANSWER_LOST:
        forwarded(request, body);
        throw new IOException("the answer is lost");
      case RESET:
        throw new IOException("the request is lost");
      case STALL:
        forwarded(request, body);
        rest(STALL_MILLIS);
        throw new IOException("the answer is lost after a long while");
      case CONFLICT:
        return error(409, "ConditionalRequestConflict");
      case ERROR:
        return error(500, "InternalError");
      case DENIED:
        return error(403, "AccessDenied");
      case SLOW_DOWN:
        return error(503, "SlowDown");
      case CONDITION_IGNORED:
        return forwarded(unconditional(request), body);
      case CONDITION_REFUSED:
        return error(501, "NotImplemented");
      case CHECKED_THEN_WRITTEN:
        if (isThere(request)) {
          return error(412, "PreconditionFailed");
        }
        rest(CHECK_MILLIS);
        return forwarded(unconditional(request), body);
      default:
        throw new IllegalStateException(fate.name());
    }
  }

  private boolean isThere(Request request) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("host", request.headers().get("host"));
    byte[] answer = forwarded(new Request("HEAD", request.target(), headers), new byte[0]);
    return new String(answer, StandardCharsets.ISO_8859_1).startsWith("HTTP/1.1 200");
  }

  private static Request unconditional(Request request) {
    Map<String, String> headers = new LinkedHashMap<>(request.headers());
    headers.remove("if-none-match");
    return new Request(request.method(), request.target(), headers);
  }

  private byte[] forwarded(Request request, byte[] body) throws IOException {
    StringBuilder head = new StringBuilder();
    head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (!name.equals("connection") && !name.equals("expect")) {
                head.append(name).append(": ").append(value).append("\r\n");
              }
            });
    head.append("connection: close\r\n\r\n");
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
      out.write(body);
      out.flush();
      return socket.getInputStream().readAllBytes();
    }
  }

  private static byte[] error(int status, String code) {
    String body = "<Error><Code>" + code + "</Code><Message>" + code + "</Message></Error>";
    return ("HTTP/1.1 "
            + status
            + " X\r\ncontent-type: application/xml\r\nconnection: close\r\ncontent-length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Request request(InputStream in) throws IOException {
    String first = line(in);
    if (first.isEmpty()) {
      return null;
    }
    String[] words = first.split(" ");
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Request(words[0], words[1], headers);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int at = in.read(); at >= 0 && at != '\n'; at = in.read()) {
      if (at != '\r') {
        line.write(at);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  private static void rest(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}
