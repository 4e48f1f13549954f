package io.marsad.bench.sigma;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Predicates as queries of OpenSearch's, with the same meaning, and events as its documents. */
final class PercolatorQuery {
    /** OpenSearch's own limit of parts of a query. */
    private static final int MAX_PARTS = 1000;

    private PercolatorQuery() {}

    /** Null when there is no query for it. */
    static @Nullable Map<String, Object> of(Predicate predicate, Set<Field> fields) {
        return switch (predicate) {
            case Predicate.And(List<Predicate> all) -> several("must", all, fields);
            case Predicate.Or(List<Predicate> any) -> several("should", any, fields);
            case Predicate.Not(Predicate of) -> {
                var inner = of(of, fields);
                yield inner == null ? null : Map.of("bool", Map.of("must_not", List.of(inner)));
            }
            case Predicate.Text text
            when !text.field().path().startsWith("*") -> {
                fields.add(text.field());
                yield Map.of(
                        "wildcard",
                        Map.of(
                                name(text.field()),
                                Map.of("value", pattern(text.glob()), "case_insensitive", !text.cased())));
            }
            case Predicate.Exists(Field field) -> {
                fields.add(field);
                yield Map.of("exists", Map.of("field", name(field)));
            }
            case Predicate.Text _, Predicate.Regex _, Predicate.Cidr _, Predicate.Number _ -> null;
            case Predicate.DatePart _, Predicate.IsNull _, Predicate.FieldRef _ -> null;
            case Predicate.OfSource _ -> null;
        };
    }

    private static @Nullable Map<String, Object> several(String how, List<Predicate> parts, Set<Field> fields) {
        var queries = new ArrayList<Object>();
        for (Predicate part : parts) {
            var query = of(part, fields);
            if (query == null) {
                return null;
            }
            queries.add(query);
        }
        return queries.isEmpty() || queries.size() > MAX_PARTS ? null : Map.of("bool", Map.of(how, queries));
    }

    private static String pattern(Glob glob) {
        var pattern = new StringBuilder();
        for (Glob.Part part : glob.parts()) {
            switch (part) {
                case Glob.Part.Literal(String text) ->
                    pattern.append(
                            text.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?"));
                case Glob.Part.Wild wild -> pattern.append(wild == Glob.Part.Wild.ANY ? '*' : '?');
            }
        }
        return pattern.toString();
    }

    static String name(Field field) {
        return field.path().replace('.', '_');
    }

    static Map<String, List<String>> document(EventBatch batch, int row, Set<Field> fields) {
        var document = new LinkedHashMap<String, List<String>>();
        for (int e = batch.first(row); e < batch.end(row); e++) {
            var field = Field.byId(batch.field(e));
            if (fields.contains(field) && batch.type(e) != EventBatch.NULL) {
                document.computeIfAbsent(name(field), n -> new ArrayList<>(1)).add(batch.text(e));
            }
        }
        return document;
    }
}
