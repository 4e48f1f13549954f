package io.marsad.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.tenant.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What correlations mean: a condition, events, the verdict. Also the odd corners that the specification leaves open. */
class CorrelationMeaningTest {
    private static final LogSource SOURCE = LogSource.of("t", null, null);

    private static String rules(String correlation) {
        var yaml = new StringBuilder();
        for (String kind : List.of("a", "b", "c")) {
            yaml.append("title: kind ").append(kind).append("\nname: ").append(kind);
            yaml.append("\nlogsource: {product: t}\ndetection: {s: {kind: ")
                    .append(kind)
                    .append("}, condition: s}\n---\n");
        }
        return yaml + correlation;
    }

    private static String correlation(String body) {
        return "title: corr\nname: corr\ncorrelation: {" + body + "}\n";
    }

    /** Events as {@code SECOND:KIND key=value key=value} joined by commas; a key may come twice. */
    private static Collected run(String yaml, String events) {
        var rules = RuleSet.of("c.yml", yaml, FieldResolver.UNMAPPED);
        assertThat(rules.refusals()).isEmpty();
        var batch = new EventBatch(new TenantId("acme"));
        int n = 0;
        for (String event : events.split(",")) {
            var words = event.strip().split(" ");
            var head = words[0].split(":");
            long time = (long) (Double.parseDouble(head[0]) * 1000);
            batch.beginRow(new EventId(1, ++n), time, n, "test");
            batch.source(SOURCE);
            batch.time(time);
            batch.add(Field.unmapped("kind"), head[1]);
            for (int i = 1; i < words.length; i++) {
                var pair = words[i].split("=", 2);
                batch.add(Field.unmapped(pair[0]), pair[1]);
            }
            batch.endRow();
        }
        var collected = new Collected(rules);
        var matcher = rules.compile();
        for (int row = 0; row < batch.rows(); row++) {
            matcher.match(batch, row, collected);
        }
        return collected.finished();
    }

    private static String windows(Collected collected) {
        return collected.correlated.stream()
                .map(m -> m.group().isEmpty() ? "*" : String.join("+", m.group()))
                .sorted()
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "both ends belong | event_count | gte: 2 | 0:a u=x, 60:a u=x | x",
                "a moment too late | event_count | gte: 2 | 0:a u=x, 60.001:a u=x | ''",
                "no group value | event_count | gte: 2 | 0:a v=x, 1:a v=x | ''",
                "an empty group value | event_count | gte: 2 | 0:a u=, 1:a u= | ''",
                "each value of an array is a group | event_count | gte: 2 | 0:a u=x u=y, 1:a u=y, 2:a u=z | y",
                "case of group values | event_count | gte: 2 | 0:a u=Bob, 1:a u=bOB | Bob",
                "one alert a timespan | event_count | gte: 2 | 0:a u=x, 1:a u=x, 2:a u=x, 60:a u=x | x",
                "armed again after it | event_count | gte: 2 | 0:a u=x, 1:a u=x, 61:a u=x, 62:a u=x | x x",
                "what is taken does not count again | event_count | gte: 2 | 0:a u=x, 1:a u=x, 59:a u=x, 61:a u=x | x",
                "a range from below | event_count | gte: 2, lte: 3 | 0:a u=x | ''",
                "a range within | event_count | gte: 2, lte: 3 | 0:a u=x, 1:a u=x | x",
                "a range from above | event_count | gte: 2, lte: 3 | 0:a u=x, 1:a u=x, 2:a u=x, 3:a u=x | ''",
                "an upper bound | event_count | lt: 2 | 0:a u=x, 0:a u=y, 1:a u=x | y",
                "exactly | event_count | eq: 3 | 0:a u=x, 1:a u=x, 2:a u=x, 3:a u=x, 0:a u=y, 1:a u=y, 2:a u=y | y",
                "another number | event_count | neq: 2 | 0:a u=x, 1:a u=x, 0:a u=y | y",
                "distinct values fold case | value_count | field: ip, gte: 2 | 0:a u=x ip=A, 1:a u=x ip=a | ''",
                "values of an array | value_count | field: ip, gte: 2 | 0:a u=x ip=1 ip=2 | x",
                "tuples are whole | value_count | 'field: [ip, p], gte: 2' | 0:a u=x ip=1, 1:a u=x ip=1 p=1, 2:a u=x p=2 | ''",
                "a value that was there before the window | value_count | field: ip, gte: 2 | 0:a u=x ip=1, 61:a u=x ip=2 | ''",
                "a sum at once | value_sum | field: n, gt: 10 | 0:a u=x n=5, 1:a u=x n=5, 2:a u=x n=0.5 | x",
                "words are no numbers | value_sum | field: n, gte: 10 | 0:a u=x n=ten, 1:a u=x n=0x20, 2:a u=x n=9 | ''",
                "a small sum | value_sum | field: n, lt: 3 | 0:a u=x n=5, 1:a u=x n=-4 | x",
                "an average of the whole window | value_avg | field: n, gt: 500 | 0:a u=x n=1000, 1:a u=x n=10, 2:a u=x n=10 | ''",
                "a high average | value_avg | field: n, gt: 500 | 0:a u=x n=100, 1:a u=x n=1000 | x",
                "a percentile | value_percentile | 'field: n, percentile: 90, gte: 9' | 0:a u=x n=1, 1:a u=x n=9, 2:a u=x n=2 | x",
                "the median | value_percentile | field: n, gte: 9 | 0:a u=x n=1, 1:a u=x n=9, 2:a u=x n=2 | ''",
            })
    void onRuleA(String name, String type, String condition, String events, String expected) {
        var field = condition.replaceAll("^'|'$", "");
        var yaml = rules(
                correlation("type: " + type + ", rules: [a], group-by: [u], timespan: 1m, condition: {" + field + "}"));
        assertThat(windows(run(yaml, events))).as(name).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "in order | temporal_ordered | | 0:a, 1:b, 2:c | *",
                "noise between | temporal_ordered | | 0:a, 1:a, 2:c, 3:b, 4:a, 5:c | *",
                "a wrong start | temporal_ordered | | 0:c, 1:b, 2:a, 3:b, 4:c | *",
                "never in order | temporal_ordered | | 0:c, 1:b, 2:a, 3:c, 4:b | ''",
                "the first is too old | temporal_ordered | | 0:a, 30:b, 61:c | ''",
                "a later first will do | temporal_ordered | | 0:a, 30:b, 40:a, 50:b, 61:c | *",
                "any order | temporal | | 0:c, 1:b, 2:a | *",
                "two of them | temporal | 'condition: {gte: 2}' | 0:c, 1:c, 2:a | *",
                "words | temporal | 'condition: a and (b or c)' | 0:c, 1:a | *",
                "words in vain | temporal | 'condition: a and (b or c)' | 0:b, 1:c | ''",
                "one that stays away | temporal | 'condition: a and not (b or c)' | 0:a, 61:b | *",
                "one that comes | temporal | 'condition: a and not (b or c)' | 0:a, 60:b | ''",
            })
    void onRulesAbc(String name, String type, String more, String events, String expected) {
        var condition = more == null ? "" : ", " + more.replaceAll("^'|'$", "");
        var yaml = rules(correlation("type: " + type + ", rules: [a, b, c], timespan: 1m" + condition));
        assertThat(windows(run(yaml, events))).as(name).isEqualTo(expected);
    }

    @Test
    void oneEventIsNotTwoStepsAndCountsOnce() {
        var ordered = rules(correlation("type: temporal_ordered, rules: [a, b], timespan: 1m"));
        assertThat(windows(run(ordered, "0:a kind=b"))).isEmpty();
        assertThat(windows(run(ordered, "0:a kind=b, 1:b"))).isEqualTo("*");
        var counted = rules(correlation("type: event_count, rules: [a, b], timespan: 1m, condition: {gte: 2}"));
        assertThat(windows(run(counted, "0:a kind=b"))).isEmpty();
    }

    @Test
    void aliasesNameWhatIsCalledOtherwiseInEachRule() {
        var yaml = rules(correlation(
                "type: temporal, rules: [a, b], group-by: [ip], timespan: 1m," + " aliases: {ip: {a: src, b: dst}}"));
        assertThat(windows(run(yaml, "0:a src=9 dst=1, 1:b src=1 dst=9"))).isEqualTo("9");
        assertThat(windows(run(yaml, "0:a src=9 dst=1, 1:b src=9 dst=1"))).isEmpty();
    }

    private static final String CHAIN = """
            title: many a
            name: many
            correlation: {type: event_count, rules: [a], group-by: [u, h], timespan: 1m, condition: {gte: 3}}
            ---
            title: many, then b
            name: outer
            correlation: {type: temporal_ordered, rules: [many, b], group-by: [u], timespan: 5m%s}
            """;

    @Test
    void aChainGroupsByItsOwnFieldsAndSilencesWhatItCounts() {
        var yaml = rules(CHAIN.formatted(""));
        var found = run(yaml, "0:a u=x h=1, 1:a u=x h=1, 2:a u=x h=1, 3:b u=x h=2");
        assertThat(windows(found)).isEqualTo("x");
        var match = found.correlated.getFirst();
        assertThat(match.rule().title()).isEqualTo("many, then b");
        assertThat(match.events()).containsExactly(new EventId(1, 3), new EventId(1, 4));
        assertThat(found.detected).isEmpty();
        assertThat(windows(run(yaml, "0:a u=x h=1, 1:a u=x h=2, 2:a u=x h=1, 3:b u=x")))
                .isEmpty();
        assertThat(windows(run(yaml, "0:b u=x, 1:a u=x h=1, 2:a u=x h=1, 3:a u=x h=1")))
                .isEmpty();
        var loud = run(rules(CHAIN.formatted(", generate: true")), "0:a u=x h=1, 1:a u=x h=1, 2:a u=x h=1, 3:b u=x");
        assertThat(loud.correlated).extracting(m -> m.rule().title()).containsExactly("many a", "many, then b");
        assertThat(loud.detected).containsExactly("kind b");
    }

    @Test
    void alertsOfACorrelationAreCounted() {
        var yaml = rules("""
                title: many a
                name: many
                correlation: {type: event_count, rules: [a], group-by: [u], timespan: 1m, condition: {gte: 2}}
                ---
                title: many users
                correlation: {type: value_count, rules: [many], group-by: [h], timespan: 5m, condition: {field: u, gte: 2}}
                """);
        assertThat(windows(run(yaml, "0:a u=x h=1, 1:a u=x h=1, 2:a u=x h=1, 3:a u=x h=1")))
                .isEmpty();
        assertThat(windows(run(yaml, "0:a u=x h=1, 1:a u=x h=1, 2:a u=y h=2, 3:a u=y h=1")))
                .isEqualTo("1");
    }

    @Test
    void faultsSayWhereAndWhy() {
        var faults = new ArrayList<String>();
        for (String body : List.of(
                "type: event_count, rules: [corr], timespan: 1m, condition: {gte: 1}",
                "type: event_count, rules: [d], timespan: 1m, condition: {gte: 1}",
                "type: event_count, rules: [a], timespan: 1x, condition: {gte: 1}",
                "type: event_count, rules: [a], timespan: 1m",
                "type: event_count, rules: [a], timespan: 1m, condition: {gte: 1, percentile: 5}",
                "type: event_count, rules: [a], timespan: 1m, condition: {gte: 1000000}",
                "type: value_sum, rules: [a], timespan: 1m, condition: {gte: 1}",
                "type: value_percentile, rules: [a], timespan: 1m, condition: {field: n, percentile: 101, gte: 1}",
                "type: temporal, rules: [a, b], timespan: 1m, condition: a and d",
                "type: temporal_ordered, rules: [a, b], timespan: 1m, condition: a and b")) {
            var refusals = RuleSet.of("c.yml", rules(correlation(body)), FieldResolver.UNMAPPED)
                    .refusals();
            assertThat(refusals).as(body).hasSize(1);
            assertThat(refusals.getFirst().line()).as(body).isBetween(16, 18);
            faults.add(refusals.getFirst().reason());
        }
        assertThat(faults.getFirst()).isEqualTo("it counts itself: 'corr' counts 'corr'");
        assertThat(faults.get(1)).contains("'d'");
        assertThat(faults.get(5)).contains("100000");
        assertThat(faults.get(7)).contains("0 to 100");
        var circle = RuleSet.of("c.yml", """
                title: x
                name: x
                correlation: {type: temporal, rules: [y], timespan: 1m}
                ---
                title: y
                name: y
                correlation: {type: temporal, rules: [x], timespan: 1m}
                """, FieldResolver.UNMAPPED);
        assertThat(circle.correlations()).isEmpty();
        assertThat(circle.refusals()).extracting(p -> p.line()).containsExactly(1, 5);
        assertThat(circle.refusals().getFirst().reason()).isEqualTo("it counts itself: 'x' counts 'y' counts 'x'");
    }

    @Test
    void aRulesOwnTaxonomyResolvesItsGroups() {
        FieldResolver resolver = (wanted, taxonomy, name) -> List.of(Field.unmapped(taxonomy + "_" + name));
        var yaml = """
                title: kind a
                name: a
                taxonomy: ours
                logsource: {product: t}
                detection: {s: {kind: a}, condition: s}
                ---
                """ + correlation("type: event_count, rules: [a], group-by: [u], timespan: 1m, condition: {gte: 1}");
        var rules = RuleSet.of("c.yml", yaml, resolver);
        assertThat(rules.correlations().getFirst().members().getFirst().groups())
                .containsExactly(List.of(Field.unmapped("ours_u")));
    }
}
