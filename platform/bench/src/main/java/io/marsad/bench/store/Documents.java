package io.marsad.bench.store;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Events as documents for OpenSearch: flat, numbers as numbers where a field has nothing else. */
final class Documents {
    private static final JsonMapper JSON = new JsonMapper();

    private final BitSet texts = new BitSet();
    private final BitSet seen = new BitSet();

    Documents(EventBatch templates) {
        for (int row = 0; row < templates.rows(); row++) {
            for (int e = templates.first(row); e < templates.end(row); e++) {
                seen.set(templates.field(e));
                if (templates.type(e) != EventBatch.NUMBER || templates.length(e) > 15 || !whole(templates.text(e))) {
                    texts.set(templates.field(e));
                }
            }
        }
    }

    private static boolean whole(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** A field's name there: flat, as a dot would make an object, which some other event has as a value. */
    static String name(Field field) {
        return field.path().replace('.', '_');
    }

    List<Field> fields() {
        return seen.stream().mapToObj(Field::byId).toList();
    }

    boolean isText(Field field) {
        return texts.get(field.id());
    }

    /** The body of a bulk request. */
    String bulk(EventBatch batch, boolean withRecord) {
        var body = new StringBuilder(batch.bytes() * 2);
        for (int row = 0; row < batch.rows(); row++) {
            body.append("{\"create\":{}}\n")
                    .append(JSON.writeValueAsString(document(batch, row, withRecord)))
                    .append('\n');
        }
        return body.toString();
    }

    private Map<String, Object> document(EventBatch batch, int row, boolean withRecord) {
        var document = new LinkedHashMap<String, Object>();
        document.put("at", batch.time(row));
        for (int e = batch.first(row); e < batch.end(row); e++) {
            if (batch.type(e) == EventBatch.NULL) {
                continue;
            }
            var field = Field.byId(batch.field(e));
            Object value = isText(field) || !seen.get(field.id()) ? batch.text(e) : Long.valueOf(batch.text(e));
            document.merge(name(field), value, (before, more) -> {
                List<Object> both = new ArrayList<>(before instanceof List<?> list ? list : List.of(before));
                both.add(more);
                return both;
            });
        }
        if (withRecord) {
            var all = new StringBuilder(new String(batch.raw(row), StandardCharsets.UTF_8));
            for (int e = batch.first(row); e < batch.end(row); e++) {
                boolean inRaw = batch.offset(e) >= batch.rawOffset(row)
                        && batch.offset(e) + batch.length(e) <= batch.rawOffset(row) + batch.rawLength(row);
                if (!inRaw) {
                    all.append(' ').append(batch.text(e));
                }
            }
            document.put("message", all.toString());
        }
        return document;
    }
}
