package io.shoplens.link;

import io.shoplens.config.Reference;
import java.io.Serializable;
import okhttp3.HttpUrl;

/**
 * A redirector whose links carry their target.
 *
 * <p>The parameter says where: {@code u} a query parameter; {@code /dlg/} the path behind that
 * mark; {@code url(} the text between that mark and its closing parenthesis; {@code ?} the whole
 * query.
 *
 * @param host host suffix, or app scheme with its colon
 * @param pathPrefix beginning of the path, whole words
 * @param parameter where the target stands
 * @param network who runs it
 * @param linkKind kind of its links whose target can't be told
 */
record Wrapper(String host, String pathPrefix, String parameter, String network, String linkKind)
    implements Serializable {

  static Wrapper of(Reference.Redirector line) {
    return new Wrapper(
        line.host(), line.pathPrefix(), line.parameter(), line.network(), line.linkKind());
  }

  /** Its line, in a few words. */
  String rule() {
    return "redirector " + host + " " + pathPrefix + " " + parameter;
  }

  boolean belongsToNetwork() {
    return linkKind.equals(LinkKinds.AFFILIATE_NETWORK);
  }

  /** Whether the path begins with the prefix and no word goes on behind it. */
  boolean covers(String path) {
    if (!path.startsWith(pathPrefix)) {
      return false;
    }
    int end = pathPrefix.length();
    return end == path.length()
        || end == 0
        || !Character.isLetterOrDigit(pathPrefix.charAt(end - 1))
        || !Character.isLetterOrDigit(path.charAt(end));
  }

  /** What stands where the target belongs, as it stands there, or null. */
  String carried(ParsedLink link) {
    if (link.url() == null) {
      return null;
    }
    String query = link.url().encodedQuery();
    if (parameter.equals("?")) {
      return query;
    }
    if (parameter.startsWith("/")) {
      return afterMark(link.url(), parameter, query);
    }
    if (parameter.endsWith("(")) {
      return query == null ? null : inParentheses(query, parameter);
    }
    return link.parameter(parameter);
  }

  private static String afterMark(HttpUrl url, String mark, String query) {
    String path = url.encodedPath();
    int start = path.indexOf(mark);
    if (start < 0 || start + mark.length() == path.length()) {
      return null;
    }
    String rest = path.substring(start + mark.length());
    // Between the mark and the target there may be segments of the network's own.
    int target = rest.startsWith("http") ? 0 : rest.indexOf("/http") + 1;
    rest = rest.substring(target);
    return query == null ? rest : rest + "?" + query;
  }

  private static String inParentheses(String query, String mark) {
    int start = query.startsWith(mark) ? 0 : query.indexOf(")" + mark) + 1;
    if (start == 0 && !query.startsWith(mark)) {
      return null;
    }
    int depth = 1;
    for (int i = start + mark.length(); i < query.length(); i++) {
      char c = query.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth == 0) {
        return query.substring(start + mark.length(), i);
      }
    }
    return query.substring(start + mark.length());
  }
}
