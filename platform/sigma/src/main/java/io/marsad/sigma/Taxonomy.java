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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

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
 * <p>For a rule count the tables whose log source is the rule's or more general; when these do not know the name, the native
 * names of the mappings. When those know nothing either, a rule that names little (say, only a product) may meet events of narrower sources, so their tables
 * count too. What no one knows is {@code unmapped.NAME}. Thread-safe.
 */
public final class Taxonomy implements FieldResolver {
    private record Table(String taxonomy, LogSource source, Map<String, List<Field>> fields) {}

    private record Question(LogSource wanted, String taxonomy, String name) {}

    private final List<Table> tables;
    private final NativeNames natives;
    private final ConcurrentMap<Question, List<Field>> known = new ConcurrentHashMap<>();

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
        return known.computeIfAbsent(new Question(wanted, taxonomy, name), this::answer);
    }

    private List<Field> answer(Question question) {
        var slots = new LinkedHashSet<Field>();
        for (Table table : tables) {
            if (table.taxonomy.equals(question.taxonomy) && question.wanted.satisfies(table.source)) {
                slots.addAll(table.fields.getOrDefault(question.name, List.of()));
            }
        }
        boolean told = !slots.isEmpty();
        if (!told) {
            slots.addAll(natives.slots(question.wanted, question.name));
            var plain = question.name.replace(" ", "");
            if (!plain.equals(question.name)) {
                slots.addAll(
                        natives.slots(question.wanted, plain)); // sources are read without the blanks in their names
            }
        }
        boolean exact = !slots.isEmpty();
        if (!exact) {
            narrower(question, slots);
        }
        if (!exact || question.wanted.category() == null && question.wanted.service() == null) {
            slots.addAll(FieldResolver.unmapped(question.name));
        }
        return List.copyOf(slots);
    }

    private void narrower(Question question, Set<Field> slots) {
        for (Table table : tables) {
            if (table.taxonomy.equals(question.taxonomy) && LogSources.mayMeet(question.wanted, table.source)) {
                slots.addAll(table.fields.getOrDefault(question.name, List.of()));
            }
        }
    }
}
