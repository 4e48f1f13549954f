package io.marsad.bench.diff;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.server.node.Content;
import io.marsad.testkit.sigma.NotSigmaException;
import io.marsad.testkit.sigma.ReferenceEvent;
import io.marsad.testkit.sigma.ReferenceReader;
import io.marsad.testkit.sigma.ReferenceRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A folder's rules as the reference reads them. One thread uses it.
 *
 * <p>It is told where a field of a rule is; all else that a rule's file means, and which log sources a rule is for, it
 * finds out for itself.
 */
public final class ReferenceRules {
    /** What mappings say of every event of a kind; written down from decision 13, not taken from the engine. */
    private static final Set<String> NOT_ITS_WORDS = Set.of(
            "class_uid",
            "category_uid",
            "type_uid",
            "activity_id",
            "activity_name",
            "severity_id",
            "metadata.product.name",
            "metadata.product.vendor_name",
            "metadata.product.version",
            "metadata.labels",
            "device.os.name",
            "device.os.type_id");

    private final Map<String, ReferenceRule> all = new LinkedHashMap<>();
    private final Map<LogSource, Map<String, ReferenceRule>> routed = new HashMap<>();
    private final List<String> disagreements = new ArrayList<>();

    /** @param content with mappings, taxonomy and the rules of the folder */
    public ReferenceRules(Content content, Path folder) throws IOException {
        var reader = new ReferenceReader(
                (product, category, service, taxonomy, field) -> {
                    var slots = content.fields().resolve(LogSource.of(product, category, service), taxonomy, field);
                    return slots.stream().map(Field::path).toList();
                },
                Map.of());
        List<Path> files;
        try (var walk = Files.walk(folder)) {
            files = walk.filter(f -> f.toString().endsWith(".yml") && Files.isRegularFile(f))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            ReferenceRule rule = null;
            var why = "";
            try {
                rule = reader.read(Files.readString(file));
            } catch (NotSigmaException e) {
                why = String.valueOf(e.getMessage());
            }
            agreeOnReading(file, rule, why, content);
        }
    }

    private void agreeOnReading(Path file, @Nullable ReferenceRule rule, String why, Content content) {
        boolean refused =
                content.rules().refusals().stream().anyMatch(r -> r.file().equals(file.toString()));
        if (rule == null ? !refused : content.rules().find(rule.id()) == null) {
            disagreements.add(file + ": only one reads the rule; reference: " + (why.isEmpty() ? "reads it" : why));
        } else if (rule != null) {
            all.put(rule.id(), rule);
        }
    }

    /** By id. */
    public Map<String, ReferenceRule> all() {
        return all;
    }

    /** Rules that only one of engine and reference reads. */
    public List<String> disagreements() {
        return disagreements;
    }

    /** Those that are for events of this source. */
    public Map<String, ReferenceRule> of(LogSource source) {
        return routed.computeIfAbsent(source, this::route);
    }

    private Map<String, ReferenceRule> route(LogSource source) {
        var fitting = new LinkedHashMap<String, ReferenceRule>();
        all.forEach((id, rule) -> {
            if (rule.isFor(source.product(), source.categories(), source.service())) {
                fitting.put(id, rule);
            }
        });
        return fitting;
    }

    /** A row as the reference sees it: fields and their values. */
    public static ReferenceEvent event(EventBatch batch, int row) {
        var fields = new LinkedHashMap<String, List<@Nullable String>>();
        for (int e = batch.first(row); e < batch.end(row); e++) {
            fields.computeIfAbsent(Field.byId(batch.field(e)).path(), name -> new ArrayList<>(1))
                    .add(batch.type(e) == EventBatch.NULL ? null : batch.text(e));
        }
        return ReferenceEvent.ofFields(fields, NOT_ITS_WORDS);
    }
}
