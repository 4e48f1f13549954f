package io.marsad.normalize.mapping;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.ocsf.OcsfSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** All mappings of a content folder. Immutable, thread-safe. */
public final class MappingSet {
    private static final String TESTS = ".test.yaml";

    private final List<Mapping> mappings;

    private MappingSet(List<Mapping> mappings) {
        this.mappings = mappings;
    }

    /**
     * Reads {@code mappings/*.yaml} of a content folder.
     *
     * @throws ContentException with every fault of every file
     */
    public static MappingSet load(Path contentDir) throws ContentException, IOException {
        return load(contentDir, OcsfSchema.load());
    }

    /** As {@link #load(Path)}, with a schema that is there already. */
    public static MappingSet load(Path contentDir, OcsfSchema schema) throws ContentException, IOException {
        var folder = contentDir.resolve("mappings");
        if (!Files.isDirectory(folder)) {
            throw new ContentException(folder.toString(), 0, "no such folder");
        }
        var problems = new Problems();
        var documents = new ArrayList<YamlNode>();
        List<Path> files;
        try (var listed = Files.list(folder)) {
            files = listed.filter(file -> file.toString().endsWith(".yaml")
                            && !file.toString().endsWith(TESTS))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            try {
                documents.addAll(YamlReader.read(file));
            } catch (ContentException e) {
                problems.addAll(e);
            }
        }
        return read(documents, schema, problems);
    }

    /** Mappings of texts that are no files: for tests of mappings and for what is not saved yet. */
    public static MappingSet read(String file, String yaml, OcsfSchema schema) throws ContentException {
        return read(YamlReader.read(file, yaml), schema, new Problems());
    }

    private static MappingSet read(List<YamlNode> documents, OcsfSchema schema, Problems problems)
            throws ContentException {
        var reader = new MappingReader(new Slots(schema), problems);
        var mappings = new ArrayList<Mapping>();
        var names = new HashMap<String, String>();
        for (YamlNode document : documents) {
            var mapping = reader.read(document);
            if (mapping == null) {
                continue;
            }
            var other = names.putIfAbsent(mapping.name(), mapping.file());
            if (other != null) {
                problems.add(document, "the mapping '" + mapping.name() + "' is in " + other + " already");
            }
            mappings.add(mapping);
        }
        problems.throwIfAny();
        mappings.sort(
                Comparator.comparing((Mapping mapping) -> -mapping.select().size())
                        .thenComparing(Mapping::name));
        return new MappingSet(List.copyOf(mappings));
    }

    /** In the order in which they are asked whether a record is theirs. */
    List<Mapping> all() {
        return mappings;
    }

    /** The names of the mappings, in the order in which they are asked whether a record is theirs. */
    public List<String> names() {
        return mappings.stream().map(Mapping::name).toList();
    }

    /** The kinds of events that there can be, with what each may have: for telling which rules can fire. */
    public List<EventKind> kinds() {
        return mappings.stream()
                .flatMap(mapping -> mapping.kinds().stream()
                        .map(kind -> new EventKind(
                                mapping.name(), kind, !mapping.absent().isEmpty())))
                .toList();
    }

    /**
     * All the places where events that a rule for {@code wanted} looks at may have what their source calls {@code name};
     * a value is in at least one of them. {@code unmapped.NAME} is among them unless every such event always has the value
     * elsewhere.
     */
    public Set<Field> fields(LogSource wanted, String name) {
        var fields = new LinkedHashSet<Field>();
        for (Mapping mapping : mappings) {
            for (var kind : mapping.kinds()) {
                var own = kind.own();
                if (!kind.source().satisfies(wanted)) {
                    continue;
                }
                if (own == null || kind.moves().containsKey(name)) {
                    places(mapping, kind.moves().getOrDefault(name, List.of()), name, fields);
                    continue;
                }
                var same = own.slot(name); // OCSF has no other names
                if (same != null) {
                    fields.add(same.field());
                }
            }
        }
        if (fields.isEmpty()) {
            fields.add(Field.unmapped(name));
        }
        return fields;
    }

    private static void places(Mapping mapping, List<Slot> slots, String name, Set<Field> into) {
        boolean sourceSaysNone = !mapping.absent().isEmpty();
        for (Slot slot : slots) {
            if (!slot.guarded(sourceSaysNone)) {
                into.add(slot.field()); // every value goes there
                return;
            }
        }
        slots.forEach(slot -> into.add(slot.field()));
        into.add(Field.unmapped(name));
    }

    /** The sources that events can have. */
    public Set<LogSource> sources() {
        var sources = new LinkedHashSet<LogSource>();
        mappings.forEach(mapping -> mapping.kinds().forEach(kind -> sources.add(kind.source())));
        return sources;
    }
}
