package io.shoplens.link;

import static io.shoplens.table.Columns.*;
import static org.apache.spark.sql.functions.udf;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.shoplens.config.Reference;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The resolver as Column functions. Per-row Java, because SQL can't parse URLs as browsers do, nor
 * look through wrappers or find the longest of many host suffixes.
 */
public final class Links {
  /** A resolved link as a struct; texts may be NULL, {@code is_competitor} never is. */
  public static final StructType RESOLVED =
      new StructType()
          .add(FINAL_URL, DataTypes.StringType)
          .add(HOST, DataTypes.StringType)
          .add(REGISTRABLE_DOMAIN, DataTypes.StringType)
          .add(MERCHANT, DataTypes.StringType)
          .add(MERCHANT_GROUP, DataTypes.StringType)
          .add(PARENT_GROUP, DataTypes.StringType)
          .add(LINK_KIND, DataTypes.StringType)
          .add(CERTAINTY, DataTypes.StringType)
          .add(IS_COMPETITOR, DataTypes.BooleanType)
          .add(PRODUCT_KEY, DataTypes.StringType)
          .add(AFFILIATE_NETWORK, DataTypes.StringType)
          .add(TRACKING_PARAMETERS, DataTypes.StringType)
          .add(AFFILIATE_PARAMETERS, DataTypes.StringType);

  private Links() {}

  /** Where a clicked link leads: URL to {@link #RESOLVED}; NULL for NULL. */
  public static UnaryOperator<Column> resolution(Reference reference) {
    LinkResolver resolver = LinkResolver.of(reference);
    return function(new Cached<>(url -> row(resolver.resolve(url))), RESOLVED);
  }

  /** What a referrer is, wrappers not looked through: URL to {@link #RESOLVED}; NULL for NULL. */
  public static UnaryOperator<Column> origin(Reference reference) {
    LinkResolver resolver = LinkResolver.of(reference);
    return function(new Cached<>(url -> row(resolver.origin(url))), RESOLVED);
  }

  /** Host or URL of a merchant to the name of its group; NULL for NULL and for strangers. */
  public static UnaryOperator<Column> merchantGroup(Reference reference) {
    LinkResolver resolver = LinkResolver.of(reference);
    return function(
        new Cached<>(domain -> resolver.merchantGroup(domain).orElse(null)), DataTypes.StringType);
  }

  private static UnaryOperator<Column> function(
      UDF1<String, ?> perRow, org.apache.spark.sql.types.DataType type) {
    UserDefinedFunction function = udf(perRow, type);
    return function::apply;
  }

  private static Row row(ResolvedLink link) {
    return RowFactory.create(
        link.finalUrl().orElse(null),
        link.host().orElse(null),
        link.registrableDomain().orElse(null),
        link.merchant().orElse(null),
        link.merchantGroup().orElse(null),
        link.parentGroup().orElse(null),
        link.linkKind(),
        link.certainty().text(),
        link.isCompetitor(),
        link.productKey().orElse(null),
        link.affiliateNetwork().orElse(null),
        json(link.trackingParameters()),
        json(link.affiliateParameters()));
  }

  /** Names and values as a JSON object, by name; null for none. */
  private static String json(SortedMap<String, String> parameters) {
    if (parameters.isEmpty()) {
      return null;
    }
    StringBuilder text = new StringBuilder(64);
    char separator = '{';
    for (Map.Entry<String, String> each : parameters.entrySet()) {
      quote(text.append(separator), each.getKey());
      quote(text.append(':'), each.getValue());
      separator = ',';
    }
    return text.append('}').toString();
  }

  private static void quote(StringBuilder text, String value) {
    text.append('"');
    JsonStringEncoder.getInstance().quoteAsString(value, text);
    text.append('"');
  }

  /**
   * Remembers the latest answers, for links repeat. Every task has its own: in a task a text is
   * resolved once, unless {@value #MOST} others, or others of {@value #MOST_CHARACTERS} characters
   * together, were asked for since it last was; texts too long to be links are not kept. Tasks may
   * resolve the same text each.
   */
  static final class Cached<R> implements UDF1<String, R> {
    private static final long serialVersionUID = 1L;
    private static final int MOST = 8_192;
    private static final int MOST_CHARACTERS = 4_000_000;

    private final Answer<R> answer;
    private transient Map<String, R> answers = answers();
    private transient int characters;

    Cached(Answer<R> answer) {
      this.answer = answer;
    }

    @Override
    public R call(String text) {
      if (text == null) {
        return null;
      }
      if (text.length() > LinkParser.LONGEST) {
        return answer.to(text);
      }
      // Local plans may share the function between the driver's threads.
      synchronized (answer) {
        R known = answers.get(text);
        if (known == null && !answers.containsKey(text)) {
          known = answer.to(text);
          answers.put(text, known);
          characters += text.length();
          forgetOldest();
        }
        return known;
      }
    }

    private void forgetOldest() {
      Iterator<String> oldest = answers.keySet().iterator();
      while (answers.size() > MOST || characters > MOST_CHARACTERS) {
        characters -= oldest.next().length();
        oldest.remove();
      }
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      answers = answers();
    }

    private static <R> Map<String, R> answers() {
      return new LinkedHashMap<>(256, 0.75f, true);
    }
  }

  interface Answer<R> extends Serializable {
    R to(String text);
  }
}
