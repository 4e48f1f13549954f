package io.marsad.store.query.run;

import com.google.re2j.Pattern;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.CompiledPredicate;
import io.marsad.store.query.Function;
import io.marsad.store.query.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What functions compute. Each is total: nonsense gives null. */
final class Functions {
    private final long now;

    Functions(long now) {
        this.now = now;
    }

    Computed compile(Function function, List<Value> written, Computed[] of) {
        return switch (function) {
            case LOWER,
                    UPPER,
                    LEN,
                    TRIM,
                    SUBSTR,
                    REPLACE,
                    CONTAINS,
                    STARTSWITH,
                    ENDSWITH,
                    URLDECODE,
                    BASE64DECODE,
                    PART -> ofText(function, of);
            case CONCAT, SPLIT, JOIN, TOSTRING -> ofTexts(function, of);
            case MATCHES, EXTRACT, CIDRMATCH -> ofPattern(function, written, of);
            case IF, CASE -> choice(of);
            case COALESCE, NULLIF, ISNULL, ISNUMBER, COUNT, ITEM -> ofAny(function, of);
            case ABS, CEIL, FLOOR, ROUND, SQRT, LOG, POW, BIN, TONUMBER -> ofNumber(function, of);
            case MIN -> row -> extreme(of, row, -1);
            case MAX -> row -> extreme(of, row, 1);
            case NOW -> row -> now;
            case STRFTIME, TOTIME, HOUR, WEEKDAY -> ofTime(function, of);
        };
    }

    /** Null when the first is null. */
    private static Computed ofText(Function function, Computed[] of) {
        return row -> {
            var text = Values.text(of[0].of(row));
            if (text == null) {
                return null;
            }
            var second = of.length > 1 ? of[1].of(row) : null;
            var third = of.length > 2 ? of[2].of(row) : null;
            return switch (function) {
                case LOWER -> Texts.lower(text);
                case UPPER -> Texts.upper(text);
                case LEN -> (double) text.codePointCount(0, text.length());
                case TRIM -> text.strip();
                case SUBSTR -> Texts.substr(text, Values.number(second), of.length > 2 ? Values.number(third) : 1e9);
                case REPLACE -> Texts.replace(text, Values.text(second), Values.text(third));
                case CONTAINS -> Texts.contains(text, Values.text(second));
                case STARTSWITH -> Texts.startsWith(text, Values.text(second));
                case ENDSWITH -> Texts.endsWith(text, Values.text(second));
                case URLDECODE -> Texts.urlDecoded(text);
                case BASE64DECODE -> Texts.base64Decoded(text);
                default -> Texts.part(text, Values.text(second), Values.number(third));
            };
        };
    }

    private static Computed ofTexts(Function function, Computed[] of) {
        return switch (function) {
            case CONCAT ->
                row -> {
                    var all = new StringBuilder();
                    for (var one : of) {
                        var text = Values.text(one.of(row));
                        if (text != null && all.length() < Values.LONGEST) {
                            all.append(text);
                        }
                    }
                    return Values.cut(all.toString());
                };
            case SPLIT ->
                row -> {
                    var text = Values.text(of[0].of(row));
                    var separator = Values.text(of[1].of(row));
                    return text == null || separator == null ? null : Texts.split(text, separator);
                };
            case JOIN ->
                row -> {
                    var list = of[0].of(row);
                    var separator = Values.text(of[1].of(row));
                    return list == null || separator == null ? null : Texts.join(Values.items(list), separator);
                };
            default -> row -> Values.text(of[0].of(row));
        };
    }

    /** The pattern was checked when the query was read. */
    private static Computed ofPattern(Function function, List<Value> written, Computed[] of) {
        int at = function == Function.CIDRMATCH ? 0 : 1;
        if (!(written.get(at) instanceof Value.Text(String text))) {
            throw new IllegalArgumentException("the pattern of " + function.word() + " stands in the query");
        }
        if (function == Function.CIDRMATCH) {
            return inNetwork(text, of[1]);
        }
        if (function == Function.MATCHES) {
            var pattern = Pattern.compile(text, Pattern.CASE_INSENSITIVE);
            return row -> {
                for (var item : Values.items(of[0].of(row))) {
                    var value = Values.text(item);
                    if (value != null && pattern.matcher(value).find()) {
                        return true;
                    }
                }
                return false;
            };
        }
        var pattern = Pattern.compile(text, Pattern.CASE_INSENSITIVE);
        return row -> {
            var value = Values.text(of[0].of(row));
            double group = of.length > 2 ? Values.number(of[2].of(row)) : pattern.groupCount() > 0 ? 1 : 0;
            var matcher = value == null ? null : pattern.matcher(value);
            boolean known = group >= 0 && group <= pattern.groupCount() && group == Math.rint(group);
            return matcher != null && known && matcher.find() ? matcher.group((int) group) : null;
        };
    }

    /** The matcher decides, as it does for rules. */
    private static Computed inNetwork(String network, Computed address) {
        var field = Field.of("message");
        var predicate = CompiledPredicate.of(new Predicate.Cidr(field, network));
        var scratch = new EventBatch(new TenantId("none"), 1, 4, 256);
        return row -> {
            scratch.clear();
            scratch.beginRow(new EventId(0, 0), 0, -1, "");
            for (var item : Values.items(address.of(row))) {
                var text = Values.text(item);
                if (text != null) {
                    scratch.add(field, text);
                }
            }
            scratch.endRow();
            return predicate.test(scratch, 0);
        };
    }

    /** Conditions and values by turns; one more at the end is what else it is. */
    private static Computed choice(Computed[] of) {
        return row -> {
            for (int i = 0; i + 1 < of.length; i += 2) {
                if (Values.truth(of[i].of(row))) {
                    return of[i + 1].of(row);
                }
            }
            return of.length % 2 == 1 ? of[of.length - 1].of(row) : null;
        };
    }

    private static Computed ofAny(Function function, Computed[] of) {
        return switch (function) {
            case COALESCE ->
                row -> {
                    for (var one : of) {
                        var value = one.of(row);
                        if (value != null) {
                            return value;
                        }
                    }
                    return null;
                };
            case NULLIF ->
                row -> {
                    var value = of[0].of(row);
                    var other = of[1].of(row);
                    return value != null && other != null && Values.equal(value, other, false) ? null : value;
                };
            case ISNULL -> row -> of[0].of(row) == null;
            case ISNUMBER -> row -> !Double.isNaN(Values.number(of[0].of(row)));
            case COUNT -> row -> (double) Values.items(of[0].of(row)).size();
            default ->
                row -> {
                    var items = Values.items(of[0].of(row));
                    double at = Values.number(of[1].of(row));
                    return at >= 1 && at <= items.size() && at == Math.rint(at) ? items.get((int) at - 1) : null;
                };
        };
    }

    private static Computed ofNumber(Function function, Computed[] of) {
        return row -> {
            double number = function == Function.TONUMBER && of.length > 1
                    ? Texts.number(Values.text(of[0].of(row)), Values.number(of[1].of(row)))
                    : Values.number(of[0].of(row));
            double second = of.length > 1 ? Values.number(of[1].of(row)) : 0;
            return Values.finite(
                    switch (function) {
                        case ABS -> Math.abs(number);
                        case CEIL -> Math.ceil(number);
                        case FLOOR -> Math.floor(number);
                        case ROUND -> round(number, second);
                        case SQRT -> Math.sqrt(number);
                        case LOG -> Math.log(number);
                        case POW -> Math.pow(number, second);
                        case BIN -> second > 0 ? Math.floor(number / second) * second : Double.NaN;
                        default -> number;
                    });
        };
    }

    private static double round(double number, double digits) {
        if (!Double.isFinite(number) || !(digits >= 0 && digits <= 15)) {
            return Double.NaN;
        }
        return java.math.BigDecimal.valueOf(number)
                .setScale((int) digits, java.math.RoundingMode.HALF_UP)
                .doubleValue();
    }

    /** Of the values that are there. */
    private static @Nullable Object extreme(Computed[] of, Row row, int sign) {
        var all = new ArrayList<Object>();
        for (var one : of) {
            all.addAll(Values.items(one.of(row)));
        }
        Object best = null;
        for (var value : all) {
            if (best == null || sign * Values.compare(value, best) > 0) {
                best = value;
            }
        }
        return best;
    }

    private static Computed ofTime(Function function, Computed[] of) {
        return row -> {
            var value = of[0].of(row);
            if (function == Function.TOTIME) {
                var text = Values.text(value);
                return text == null ? null : Times.read(text);
            }
            double millis = Values.number(value);
            if (!Times.isTime(millis)) {
                return null;
            }
            return switch (function) {
                case HOUR -> (double) Times.of(millis).getHour();
                case WEEKDAY -> (double) Times.of(millis).getDayOfWeek().getValue();
                default -> {
                    var format = Values.text(of[1].of(row));
                    yield format == null ? null : Times.write(millis, format);
                }
            };
        };
    }
}
