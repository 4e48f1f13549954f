package io.marsad.sigma;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Field names of rules and their slots, from content files:
 *
 * <pre>
 * taxonomy: sigma
 * logsource: {product: windows, category: process_creation}
 * fields:
 *   Image: process.file.path
 *   User: [process.user.name, actor.user.name]
 * </pre>
 *
 * <p>For a rule count the tables whose log source is the rule's or more general, and the native names of the mappings. When
 * those know nothing, a rule that names little (say, only a product) may meet events of narrower sources, so their tables
 * count too. What no one knows is {@code unmapped.NAME}. Thread-safe.
 */
public final class Taxonomy implements FieldResolver {
    private record Table(String taxonomy, LogSource source, Map<String, List<Field>> fields) {}

    private final List<Table> tables;
    private final NativeNames natives;

    private Taxonomy(List<Table> tables, NativeNames natives) {
        this.tables = List.copyOf(tables);
        this.natives = natives;
    }

    /**
     * Reads every {@code .yaml} and {@code .yml} file under the folder.
     *
     * @throws ContentException with every fault of every file
     */
    public static Taxonomy load(Path folder, NativeNames natives) throws ContentException, IOException {
        var faults = new ArrayList<ContentProblem>();
        var tables = new ArrayList<Table>();
        for (Path file : ContentFiles.under(folder)) {
            try {
                for (YamlNode document : YamlReader.read(file)) {
                    tables.add(table(document.asMapping()));
                }
            } catch (ContentException e) {
                faults.addAll(e.problems());
            }
        }
        if (!faults.isEmpty()) {
            throw new ContentException(faults);
        }
        return new Taxonomy(tables, natives);
    }

    private static Table table(YamlNode.Mapping document) throws ContentException {
        document.allowOnly("taxonomy", "description", "logsource", "fields");
        var taxonomy = document.text("taxonomy");
        var source = LogSources.read(document.require("logsource").asMapping());
        var fields = new HashMap<String, List<Field>>();
        for (YamlNode.Entry entry : document.require("fields").asMapping().entries()) {
            var slots = new ArrayList<Field>();
            for (String path : entry.value().asTexts()) {
                slots.add(Field.of(path));
            }
            if (slots.isEmpty()) {
                throw new ContentException(document.file(), entry.line(), "'" + entry.key() + "' has no field");
            }
            fields.put(entry.key(), List.copyOf(slots));
        }
        return new Table(taxonomy == null ? "sigma" : taxonomy, source, fields);
    }

    @Override
    public List<Field> resolve(LogSource wanted, String taxonomy, String name) {
        var slots = new LinkedHashSet<Field>();
        for (Table table : tables) {
            if (table.taxonomy.equals(taxonomy) && wanted.satisfies(table.source)) {
                slots.addAll(table.fields.getOrDefault(name, List.of()));
            }
        }
        slots.addAll(natives.slots(wanted, name));
        boolean exact = !slots.isEmpty();
        if (!exact) {
            narrower(wanted, taxonomy, name, slots);
        }
        if (!exact || wanted.category() == null && wanted.service() == null) {
            slots.addAll(FieldResolver.unmapped(name));
        }
        return List.copyOf(slots);
    }

    private void narrower(LogSource wanted, String taxonomy, String name, Set<Field> slots) {
        for (Table table : tables) {
            if (table.taxonomy.equals(taxonomy) && LogSources.mayMeet(wanted, table.source)) {
                slots.addAll(table.fields.getOrDefault(name, List.of()));
            }
        }
    }
}
