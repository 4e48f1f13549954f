package io.marsad.server.node;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.ocsf.OcsfAttribute;
import io.marsad.kernel.ocsf.OcsfSchema;
import io.marsad.normalize.mapping.EventKind;
import io.marsad.normalize.mapping.MappingSet;
import io.marsad.sigma.FieldResolver;
import io.marsad.sigma.Liveness;
import io.marsad.sigma.Placeholders;
import io.marsad.sigma.ProvidedEvents;
import io.marsad.sigma.RuleCache;
import io.marsad.sigma.RuleSet;
import io.marsad.sigma.Taxonomy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a content folder holds, read and compiled. Mappings and taxonomy are all or nothing; rules are taken one by one. */
public record Content(OcsfSchema schema, MappingSet mappings, FieldResolver fields, RuleSet rules) {

    private static final Logger LOG = LoggerFactory.getLogger(Content.class);

    /** @throws ContentException with every fault of mappings and taxonomy */
    public static Content load(Path folder) throws ContentException, IOException {
        return load(folder, List.of(folder.resolve("rules")));
    }

    public static Content load(Path folder, List<Path> ruleFolders) throws ContentException, IOException {
        return load(folder, ruleFolders, Placeholders.NONE);
    }

    /**
     * What an installation has: what is shipped, and the rules ({@code rules/}) and lists for rules ({@code lists/}) in
     * its data folder.
     */
    public static Content ofInstallation(Path folder, Path data) throws ContentException, IOException {
        var content = load(folder, List.of());
        return new Content(
                content.schema, content.mappings, content.fields, rulesOfInstallation(folder, data, content.fields));
    }

    /**
     * Only the rules of an installation. Those that wait for lists are there, and say so; what YAML files hold is
     * remembered in the data folder, so that the next time is quicker.
     */
    public static RuleSet rulesOfInstallation(Path folder, Path data, FieldResolver fields)
            throws ContentException, IOException {
        var lists = InstallationLists.read(folder, data);
        var cache = RuleCache.open(data.resolve("rules.cache"));
        var rules = RuleSet.load(ruleFolders(folder, data), fields, lists, cache);
        try {
            cache.save();
        } catch (IOException e) {
            LOG.warn("what was read of rules cannot be remembered; reading them again will take longer", e);
        }
        return rules;
    }

    /** The shipped rules, and those of the data folder when it has some. */
    public static List<Path> ruleFolders(Path folder, Path data) {
        var own = data.resolve("rules");
        var shipped = folder.resolve("rules");
        return Files.isDirectory(own) ? List.of(shipped, own) : List.of(shipped);
    }

    /** @param lists for rules that ask for some */
    public static Content load(Path folder, List<Path> ruleFolders, Placeholders lists)
            throws ContentException, IOException {
        return load(folder, ruleFolders, lists, UnaryOperator.identity(), RuleCache.none());
    }

    /**
     * @param fields what rules are read with, given what content says of fields
     * @param cache of rules that were read before
     */
    public static Content load(
            Path folder,
            List<Path> ruleFolders,
            Placeholders lists,
            UnaryOperator<FieldResolver> fields,
            RuleCache cache)
            throws ContentException, IOException {
        var schema = OcsfSchema.load();
        var mappings = MappingSet.load(folder, schema);
        var names = new Names(mappings, schema);
        var resolver = fields.apply(Taxonomy.load(folder.resolve("taxonomy"), names::slots));
        return new Content(schema, mappings, resolver, RuleSet.load(ruleFolders, resolver, lists, cache));
    }

    /** Which of the rules can fire with these mappings. */
    public Liveness liveness() {
        return Liveness.of(
                rules, mappings.kinds().stream().map(Content::provided).toList());
    }

    private static ProvidedEvents provided(EventKind kind) {
        return new ProvidedEvents() {
            @Override
            public LogSource source() {
                return kind.source();
            }

            @Override
            public boolean mayHave(Field field) {
                return kind.mayHave(field);
            }
        };
    }

    /** A source's own names, and OCSF's. */
    private record Names(MappingSet mappings, OcsfSchema schema) {
        List<Field> slots(LogSource wanted, String name) {
            var places = List.copyOf(mappings.fields(wanted, name));
            if (!places.equals(List.of(Field.unmapped(name)))) {
                return places;
            }
            // A word such as "status" may be OCSF's or the source's own.
            return isOcsf(name) ? List.of(Field.of(name), Field.unmapped(name)) : List.of();
        }

        private boolean isOcsf(String path) {
            for (String name : schema.classNames()) {
                var one = schema.byName(name);
                var attribute = one == null ? null : schema.attribute(one, path);
                if (attribute != null && attribute.json() != OcsfAttribute.Json.OBJECT) {
                    return true;
                }
            }
            return false;
        }
    }
}
