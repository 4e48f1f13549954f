package io.marsad.sigma;

import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.tenant.TenantId;
import java.time.Instant;

/** Makes rows of maps: every leaf under {@code unmapped.PATH}. */
final class Events {
    private Events() {}

    static EventBatch batch() {
        return new EventBatch(new TenantId("acme"));
    }

    static void add(EventBatch batch, YamlNode.Mapping event, LogSource source) {
        int n = batch.rows();
        batch.beginRow(new EventId(7, n), n, n, "test");
        batch.source(source);
        for (YamlNode.Entry entry : event.entries()) {
            if (entry.key().equals("@timestamp") && entry.value() instanceof YamlNode.Scalar time) {
                batch.time(Instant.parse(time.text()).toEpochMilli());
            }
            leaves(batch, entry.key(), entry.value());
        }
        batch.endRow();
    }

    private static void leaves(EventBatch batch, String path, YamlNode node) {
        switch (node) {
            case YamlNode.Scalar scalar -> {
                if (scalar.isNull()) {
                    batch.add(Field.unmapped(path).id(), 0, 0, EventBatch.NULL);
                } else {
                    batch.add(Field.unmapped(path), scalar.text());
                }
            }
            case YamlNode.Sequence sequence -> sequence.items().forEach(item -> leaves(batch, path, item));
            case YamlNode.Mapping mapping ->
                mapping.entries().forEach(e -> leaves(batch, path + "." + e.key(), e.value()));
        }
    }

    /** A row of texts: field, value, field, value… */
    static void add(EventBatch batch, LogSource source, long time, String... pairs) {
        int n = batch.rows();
        batch.beginRow(new EventId(9, n), time, n, "test");
        batch.source(source);
        batch.time(time);
        for (int i = 0; i < pairs.length; i += 2) {
            batch.add(Field.unmapped(pairs[i]), pairs[i + 1]);
        }
        batch.endRow();
    }
}
