package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.store.EventSummary;
import io.marsad.kernel.store.EventSummary.Measure;
import io.marsad.kernel.store.SummaryTable;
import io.marsad.match.Decimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Groups and measures rows in the plainest way. Values are kept with a letter a byte, and become text at the end. */
final class NaiveSummary {
    private static final Comparator<@Nullable Object> KEYS = (a, b) -> {
        if (a == null || b == null) {
            return a == null ? (b == null ? 0 : -1) : 1;
        }
        return a instanceof Long x && b instanceof Long y ? Long.compare(x, y) : compare(a.toString(), b.toString());
    };

    private NaiveSummary() {}

    private static int compare(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.ISO_8859_1), b.getBytes(StandardCharsets.ISO_8859_1));
    }

    static List<SummaryTable.Group> of(EventBatch rows, List<Integer> hits, EventSummary summary) {
        Map<List<@Nullable Object>, List<Integer>> groups = new LinkedHashMap<>();
        for (int row : hits) {
            var own = new LinkedHashSet<List<@Nullable Object>>();
            own.add(List.of());
            for (var key : summary.keys()) {
                var longer = new LinkedHashSet<List<@Nullable Object>>();
                for (var before : own) {
                    for (var value : keys(rows, row, key)) {
                        var one = new ArrayList<@Nullable Object>(before);
                        one.add(value);
                        longer.add(one);
                    }
                }
                own = longer;
            }
            own.forEach(group ->
                    groups.computeIfAbsent(group, g -> new ArrayList<>()).add(row));
        }
        var all = new ArrayList<SummaryTable.Group>();
        for (Map.Entry<List<@Nullable Object>, List<Integer>> group : groups.entrySet()) {
            var members = group.getValue();
            var results = new ArrayList<@Nullable Object>();
            summary.measures().forEach(measure -> results.add(measure(rows, members, measure)));
            List<@Nullable Object> keys = group.getKey();
            all.add(new SummaryTable.Group(keys, members.size(), results));
        }
        all.sort(Comparator.comparingLong(SummaryTable.Group::events).reversed().thenComparing((a, b) -> {
            for (int k = 0; k < a.keys().size(); k++) {
                int c = KEYS.compare(a.keys().get(k), b.keys().get(k));
                if (c != 0) {
                    return c;
                }
            }
            return 0;
        }));
        return all.stream()
                .map(group -> new SummaryTable.Group(texts(group.keys()), group.events(), texts(group.measures())))
                .toList();
    }

    private static List<@Nullable Object> texts(List<? extends @Nullable Object> of) {
        var texts = new ArrayList<@Nullable Object>();
        for (Object one : of) {
            texts.add(
                    switch (one) {
                        case String text ->
                            new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
                        case List<?> list -> texts(list);
                        case null, default -> one;
                    });
        }
        return texts;
    }

    private static List<@Nullable Object> keys(EventBatch rows, int row, EventSummary.Key key) {
        return switch (key) {
            case EventSummary.OfTime(long span) -> List.of(Math.floorDiv(rows.time(row), span) * span);
            case EventSummary.OfField(var fields) -> {
                var keys = new ArrayList<@Nullable Object>(values(rows, row, fields));
                if (keys.isEmpty()) {
                    keys.add(null);
                }
                yield keys;
            }
        };
    }

    private static List<String> values(EventBatch rows, int row, List<Field> fields) {
        for (var field : fields) {
            var values = new ArrayList<String>();
            for (int e = rows.first(row); e < rows.end(row); e++) {
                if (rows.field(e) == field.id() && rows.type(e) != EventBatch.NULL) {
                    values.add(new String(rows.arena(), rows.offset(e), rows.length(e), StandardCharsets.ISO_8859_1));
                }
            }
            if (!values.isEmpty()) {
                return values;
            }
        }
        return List.of();
    }

    private static @Nullable Object measure(EventBatch rows, List<Integer> members, Measure measure) {
        if (measure.fields().isEmpty()) {
            return (long) members.size();
        }
        var ordered = new ArrayList<>(members);
        ordered.sort((a, b) -> Search.compare(
                rows.time(a), rows.idHigh(a), rows.idLow(a), rows.time(b), rows.idHigh(b), rows.idLow(b)));
        var perEvent = ordered.stream()
                .map(row -> values(rows, row, measure.fields()))
                .filter(values -> !values.isEmpty())
                .toList();
        var all = perEvent.stream().flatMap(List::stream).toList();
        var numbers = members.stream() // sums depend on the order in the last digits
                .flatMap(row -> values(rows, row, measure.fields()).stream())
                .mapToDouble(NaiveSummary::number)
                .filter(number -> !Double.isNaN(number))
                .toArray();
        return switch (measure.function()) {
            case COUNT -> (long) perEvent.size();
            case DISTINCT -> all.stream().distinct().count();
            case SUM -> numbers.length == 0 ? null : Arrays.stream(numbers).sum();
            case AVG -> numbers.length == 0 ? null : Arrays.stream(numbers).sum() / numbers.length;
            case MIN ->
                numbers.length > 0
                        ? (Object) Arrays.stream(numbers).min().getAsDouble()
                        : all.stream().min(NaiveSummary::compare).orElse(null);
            case MAX ->
                numbers.length > 0
                        ? (Object) Arrays.stream(numbers).max().getAsDouble()
                        : all.stream().max(NaiveSummary::compare).orElse(null);
            case PERCENTILE -> {
                Arrays.sort(numbers);
                int n = numbers.length;
                yield n == 0
                        ? null
                        : numbers[Math.clamp((int) Math.ceil(measure.percentile() / 100 * n) - 1, 0, n - 1)];
            }
            case VALUES -> {
                var counts = new LinkedHashMap<String, Integer>();
                all.forEach(value -> counts.merge(value, 1, Integer::sum));
                yield counts.entrySet().stream()
                        .sorted(Map.Entry.<String, Integer>comparingByValue()
                                .reversed()
                                .thenComparing(Map.Entry::getKey, NaiveSummary::compare))
                        .limit(measure.most())
                        .map(Map.Entry::getKey)
                        .toList();
            }
            case LIST -> all.stream().limit(measure.most()).toList();
            case FIRST -> perEvent.isEmpty() ? null : perEvent.getFirst().getFirst();
            case LAST -> perEvent.isEmpty() ? null : perEvent.getLast().getFirst();
        };
    }

    private static double number(String text) {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return Decimal.parse(bytes, 0, bytes.length);
    }
}
