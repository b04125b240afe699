package io.shoplens.attribution;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The models by their words, with nothing of the main tree: exact shares of fractions, handed out
 * unit by unit. Instants are microseconds.
 */
final class SlowModels {
  private static final long DAY = 86_400_000_000L;
  private static final MathContext DIGITS = new MathContext(50);

  /** 2^(-2^-k) for k = 0 and on. */
  private static final List<BigDecimal> ROOTS = roots();

  /** A touch; not a click: a view. */
  record Touched(long at, String channel, boolean click, boolean direct) {}

  private SlowModels() {}

  /** Units of the amount that each touch of a path earns; all 0 where nobody earns. */
  static long[] credits(
      String model,
      List<Touched> path,
      long orderAt,
      long amount,
      Map<String, BigDecimal> channelWeights) {
    return handedOut(amount, weights(model, path, orderAt, channelWeights));
  }

  private static List<Fraction> weights(
      String model, List<Touched> path, long orderAt, Map<String, BigDecimal> channelWeights) {
    int n = path.size();
    List<Fraction> weights = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      weights.add(
          switch (model) {
            case "first_touch" -> share(i == 0 ? 1 : 0, 1);
            case "last_touch" -> share(i == n - 1 ? 1 : 0, 1);
            case "last_non_direct" -> share(i == lastNonDirect(path) ? 1 : 0, 1);
            case "linear" -> share(1, n);
            case "position_based" -> byPosition(i, n, 40, 40, 50);
            case "j_shaped" -> byPosition(i, n, 20, 60, 25);
            case "inverse_j" -> byPosition(i, n, 60, 20, 75);
            case "time_decay" -> decayed(path.get(n - 1).at() - path.get(i).at());
            case "platform_window" -> share(i == claiming(path, orderAt) ? 1 : 0, 1);
            case "shapley" ->
                shapley(path, path.get(i).channel()).dividedBy(count(path, path.get(i).channel()));
            case "markov" ->
                new Fraction(
                        channelWeights
                            .getOrDefault(path.get(i).channel(), BigDecimal.ZERO)
                            .setScale(12)
                            .unscaledValue(),
                        BigInteger.TEN.pow(12))
                    .dividedBy(count(path, path.get(i).channel()));
            default -> throw new IllegalArgumentException(model);
          });
    }
    boolean nobody = weights.stream().allMatch(weight -> weight.above().signum() == 0);
    return model.equals("markov") && nobody
        ? weights("linear", path, orderAt, channelWeights)
        : weights;
  }

  private static Fraction byPosition(int i, int n, int first, int last, int firstOfTwo) {
    if (n == 1) {
      return share(1, 1);
    }
    if (n == 2) {
      return share(i == 0 ? firstOfTwo : 100 - firstOfTwo, 100);
    }
    return i == 0 ? share(first, 100) : i == n - 1 ? share(last, 100) : share(20, 100L * (n - 2));
  }

  private static int lastNonDirect(List<Touched> path) {
    for (int i = path.size() - 1; i >= 0; i--) {
      if (!path.get(i).direct()) {
        return i;
      }
    }
    return path.size() - 1;
  }

  private static int claiming(List<Touched> path, long orderAt) {
    int chosen = -1;
    for (boolean click : new boolean[] {false, true}) {
      for (int i = 0; i < path.size(); i++) {
        boolean inWindow = orderAt - path.get(i).at() <= (click ? 7 : 1) * DAY;
        if (path.get(i).click() == click && inWindow) {
          chosen = i;
        }
      }
    }
    return chosen;
  }

  /** 2^(-age / 7 days) by the binary digits of the exponent, half even to 12 decimals. */
  private static Fraction decayed(long age) {
    BigDecimal power = BigDecimal.ONE;
    BigInteger rest = BigInteger.valueOf(age);
    BigInteger place = BigInteger.valueOf(7 * DAY);
    for (BigDecimal root : ROOTS) {
      while (rest.compareTo(place) >= 0) {
        power = power.multiply(root, DIGITS);
        rest = rest.subtract(place);
      }
      rest = rest.shiftLeft(1);
    }
    return new Fraction(
        power.movePointRight(12).setScale(0, RoundingMode.HALF_EVEN).toBigInteger(),
        BigInteger.TEN.pow(12));
  }

  private static List<BigDecimal> roots() {
    List<BigDecimal> roots = new ArrayList<>();
    BigDecimal root = new BigDecimal("0.5");
    for (int k = 0; k < 90; k++) {
      roots.add(root);
      root = root.sqrt(DIGITS);
    }
    return roots;
  }

  /** The Shapley value of a channel, over all subsets of the others; a path alone is the game. */
  private static Fraction shapley(List<Touched> path, String channel) {
    Set<String> all = new LinkedHashSet<>();
    path.forEach(touch -> all.add(touch.channel()));
    List<String> others = new ArrayList<>(all);
    others.remove(channel);
    int n = all.size();
    Fraction value = new Fraction(BigInteger.ZERO, BigInteger.ONE);
    for (int subset = 0; subset < 1 << others.size(); subset++) {
      Set<String> members = new LinkedHashSet<>();
      for (int i = 0; i < others.size(); i++) {
        if ((subset >> i & 1) == 1) {
          members.add(others.get(i));
        }
      }
      int before = members.containsAll(all) ? 1 : 0;
      int size = members.size();
      members.add(channel);
      int after = members.containsAll(all) ? 1 : 0;
      value =
          value.plus(
              new Fraction(
                  factorial(size)
                      .multiply(factorial(n - size - 1))
                      .multiply(BigInteger.valueOf(after - before)),
                  factorial(n)));
    }
    return value;
  }

  private static BigInteger factorial(int n) {
    return n == 0 ? BigInteger.ONE : factorial(n - 1).multiply(BigInteger.valueOf(n));
  }

  private static int count(List<Touched> path, String channel) {
    return (int) path.stream().filter(touch -> touch.channel().equals(channel)).count();
  }

  /** Each unit to whoever lacks most of the exact share, the earlier of equals. */
  private static long[] handedOut(long amount, List<Fraction> weights) {
    long[] parts = new long[weights.size()];
    Fraction total = new Fraction(BigInteger.ZERO, BigInteger.ONE);
    for (Fraction weight : weights) {
      total = total.plus(weight);
    }
    if (total.above().signum() == 0) {
      return parts;
    }
    BigInteger common = total.above();
    for (Fraction weight : weights) {
      common = common.multiply(weight.below());
    }
    BigInteger[] lacks = new BigInteger[parts.length];
    long left = Math.abs(amount);
    for (int i = 0; i < parts.length; i++) {
      // |amount| * weight / total, over the common denominator.
      lacks[i] =
          BigInteger.valueOf(Math.abs(amount))
              .multiply(weights.get(i).above())
              .multiply(total.below())
              .multiply(common.divide(weights.get(i).below().multiply(total.above())));
      parts[i] = lacks[i].divide(common).longValueExact();
      lacks[i] = lacks[i].mod(common);
      left -= parts[i];
    }
    for (; left > 0; left--) {
      int neediest = 0;
      for (int i = 1; i < parts.length; i++) {
        if (lacks[i].compareTo(lacks[neediest]) > 0) {
          neediest = i;
        }
      }
      parts[neediest]++;
      lacks[neediest] = lacks[neediest].subtract(common);
    }
    for (int i = 0; i < parts.length; i++) {
      parts[i] *= Long.signum(amount);
    }
    return parts;
  }

  private static Fraction share(long above, long below) {
    return new Fraction(BigInteger.valueOf(above), BigInteger.valueOf(below));
  }

  /** A fraction; lowest terms keep it short. */
  private record Fraction(BigInteger above, BigInteger below) {
    Fraction {
      BigInteger common = above.gcd(below);
      above = above.divide(common);
      below = below.divide(common);
    }

    Fraction plus(Fraction other) {
      return new Fraction(
          above.multiply(other.below).add(other.above.multiply(below)),
          below.multiply(other.below));
    }

    Fraction dividedBy(long number) {
      return new Fraction(above, below.multiply(BigInteger.valueOf(number)));
    }
  }
}
