package io.marsad.normalize.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import java.nio.file.Files;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A rule's field name must not lead to a slot that no mapping ever fills, nor to a source that no mapping makes. */
class TaxonomyContentTest {
    @Test
    void everySlotIsFilledBySomeMappingForThatSource() throws Exception {
        var wrong = new TreeSet<String>();
        var mappings = Samples.mappings();
        try (var files = Files.list(Samples.content().resolve("taxonomy"))) {
            for (var file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
                for (YamlNode document : YamlReader.read(file)) {
                    check(document.asMapping(), mappings, wrong);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static void check(YamlNode.Mapping table, MappingSet mappings, TreeSet<String> wrong) throws Exception {
        var node = table.require("logsource").asMapping();
        var source = LogSource.of(node.text("product"), node.text("category"), node.text("service"));
        var kinds = mappings.kinds().stream()
                .filter(kind -> kind.source().satisfies(source))
                .toList();
        if (kinds.isEmpty()) {
            wrong.add(table.file() + ":" + table.line() + ": no mapping makes events of " + source);
        }
        for (var entry : table.require("fields").asMapping().entries()) {
            for (String path : entry.value().asTexts()) {
                if (kinds.stream().noneMatch(kind -> kind.mayHave(Field.of(path)))) {
                    wrong.add(table.file() + ":" + entry.line() + ": nothing fills " + path);
                }
            }
        }
    }
}
