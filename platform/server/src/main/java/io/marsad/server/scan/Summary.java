package io.marsad.server.scan;

import io.marsad.ingest.scan.Finding;
import io.marsad.ingest.scan.ScanResult;
import io.marsad.sigma.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How often what was found: by rule, host, technique and level; the gravest and most frequent first. */
record Summary(List<Line> rules, List<Line> hosts, List<Line> techniques, Map<Level, Long> levels, long total) {
    /**
     * @param level the gravest
     * @param others of a rule: on how many hosts; of a host or technique: how many rules
     */
    record Line(String name, Level level, long count, int others) {}

    private static final class Counter {
        private final String name;
        private Level level = Level.INFORMATIONAL;
        private long count;
        private final Set<String> others = new HashSet<>();

        Counter(String name) {
            this.name = name;
        }

        private void add(Level with, String other) {
            level = with.compareTo(level) > 0 ? with : level;
            count++;
            others.add(other);
        }
    }

    static Summary of(ScanResult result) {
        var rules = new HashMap<String, Counter>();
        var hosts = new HashMap<String, Counter>();
        var techniques = new HashMap<String, Counter>();
        var levels = new EnumMap<Level, Long>(Level.class);
        for (Finding finding : result.findings()) {
            var rule = finding.rule();
            var level = rule.level();
            var host = finding.event().host() == null
                    ? "(no host)"
                    : String.valueOf(finding.event().host());
            levels.merge(level, 1L, Long::sum);
            rules.computeIfAbsent(rule.id(), id -> new Counter(rule.title())).add(level, host);
            hosts.computeIfAbsent(host, Counter::new).add(level, rule.id());
            for (String technique : Attack.techniques(rule)) {
                techniques.computeIfAbsent(technique, Counter::new).add(level, rule.id());
            }
        }
        return new Summary(
                lines(rules),
                lines(hosts),
                lines(techniques),
                levels,
                result.findings().size() + result.unlisted());
    }

    private static List<Line> lines(Map<String, Counter> counters) {
        var lines = new ArrayList<Line>();
        counters.values().forEach(c -> lines.add(new Line(c.name, c.level, c.count, c.others.size())));
        lines.sort(Comparator.comparing(Line::level)
                .reversed()
                .thenComparing(Comparator.comparingLong(Line::count).reversed())
                .thenComparing(Line::name));
        return lines;
    }
}
