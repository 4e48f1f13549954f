package io.marsad.server;

import io.marsad.sigma.About;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.RuleSet;
import io.marsad.sigma.SigmaRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes {@code docs/reference/rules.md}: the shipped rules by folder, with level, techniques and log source. */
final class RuleList {
    private record Row(String folder, String file, String title, String level, String attack, String source) {}

    private RuleList() {}

    static String of(RuleSet rules, Path folder) {
        var rows = rows(rules, folder);
        Map<String, List<Row>> byFolder = rows.stream()
                .collect(Collectors.groupingBy(Row::folder, TreeMap::new, Collectors.toCollection(ArrayList::new)));
        var text = new StringBuilder("# Rules\n\n")
                .append(rows.size())
                .append(
                        " rules come with Marsad, written for it and under its licence. Each has samples beside it that must fire")
                .append(
                        " and samples that must not (`marsad rules test`), and this list is compared with them by a test.\n");
        byFolder.forEach((name, list) -> {
            text.append("\n## ").append(name).append("\n\n| rule | level | ATT&CK | source |\n|---|---|---|---|\n");
            list.sort(java.util.Comparator.comparing(Row::title));
            for (Row row : list) {
                text.append("| [")
                        .append(row.title().replace("|", "\\|"))
                        .append("](../../content/rules/")
                        .append(row.file())
                        .append(") | ")
                        .append(row.level())
                        .append(" | ")
                        .append(row.attack())
                        .append(" | ")
                        .append(row.source())
                        .append(" |\n");
            }
        });
        return text.toString();
    }

    private static List<Row> rows(RuleSet rules, Path folder) {
        Set<String> counted = new HashSet<>();
        for (Correlation correlation : rules.correlations()) {
            correlation.members().forEach(member -> counted.add(member.rule().id()));
        }
        var rows = new ArrayList<Row>();
        for (SigmaRule rule : rules.rules()) {
            if (!counted.contains(rule.id())) {
                rows.add(row(rule.about(), folder, source(rule)));
            }
        }
        for (Correlation correlation : rules.correlations()) {
            if (!correlation.alerts()) {
                continue;
            }
            var of = correlation.members().stream()
                    .map(member -> source(member.rule()))
                    .distinct()
                    .collect(Collectors.joining(", "));
            var definition = correlation.definition();
            rows.add(row(definition.about(), folder, definition.type().text() + " over " + of));
        }
        return rows;
    }

    private static Row row(About about, Path folder, String source) {
        var file = folder.relativize(Path.of(about.file())).toString().replace('\\', '/');
        var techniques = about.tags().stream()
                .filter(tag -> tag.matches("attack\\.t\\d.*"))
                .map(tag -> tag.substring("attack.".length()).toUpperCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        return new Row(
                file.substring(0, Math.max(0, file.lastIndexOf('/'))),
                file,
                about.title(),
                about.level().name().toLowerCase(Locale.ROOT),
                techniques,
                source);
    }

    private static String source(SigmaRule rule) {
        var source = rule.logSource();
        return Stream.of(source.product(), source.category(), source.service())
                .filter(java.util.Objects::nonNull)
                .collect(Collectors.joining("/"));
    }
}
