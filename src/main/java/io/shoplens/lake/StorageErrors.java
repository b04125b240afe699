package io.shoplens.lake;

import io.shoplens.error.Errors;
import io.shoplens.error.ShoplensException;
import java.util.Locale;

/** What a storage failure means for a user: the one place that reads the text of such failures. */
public final class StorageErrors {
  private StorageErrors() {}

  /** An error for a place that can't be read or written. */
  public static ShoplensException unreadable(String place, Throwable failure) {
    String text = allMessages(failure);
    if (text.contains("nosuchbucket") || text.contains("bucket does not exist")) {
      return Errors.storage(
          "Can't reach " + place + ".",
          "The bucket does not exist.",
          "Correct the bucket's name in the configuration, or create it.",
          failure);
    }
    if (text.contains("nocredentials") || text.contains("no aws credentials")) {
      return Errors.storage(
          "Can't reach " + place + ".",
          "No credentials were found.",
          "Give them by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or the machine's"
              + " role.",
          failure);
    }
    if (text.contains("accessdenied")
        || text.contains("403")
        || text.contains("invalidaccesskeyid")
        || text.contains("signaturedoesnotmatch")) {
      return Errors.storage(
          "Can't reach " + place + ".",
          "The store refuses the credentials, or they lack the right to it.",
          "Check the key in use, its secret, and its policy for this place.",
          failure);
    }
    if (text.contains("permission denied")) {
      return Errors.storage(
          "Can't read or write " + place + ".",
          "Permission denied.",
          "Give this user the right to it, or choose another place.",
          failure);
    }
    if (text.contains("connection refused")
        || text.contains("unknownhost")
        || text.contains("unable to execute http request")
        || text.contains("timed out")) {
      return Errors.storage(
          "Can't reach " + place + ".",
          "The store does not answer.",
          "Check fs.s3a.endpoint, the region and the network.",
          failure);
    }
    if (text.contains("no filesystem for scheme") || text.contains("unsupportedfilesystem")) {
      return Errors.storage(
          "Can't reach " + place + ".",
          "Its scheme is not known here.",
          "Use a path, file:// or s3a://, or add the file system's jar.",
          failure);
    }
    return Errors.storage(
        "Can't read or write " + place + ".",
        firstLine(failure),
        "Check that the place exists and can be reached; --log-level debug shows the details.",
        failure);
  }

  private static String firstLine(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return message.lines().findFirst().orElse(failure.getClass().getSimpleName());
  }

  private static String allMessages(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      text.append(cause.getClass().getSimpleName()).append(' ').append(cause.getMessage()).append(' ');
    }
    return text.toString().toLowerCase(Locale.ROOT);
  }
}
