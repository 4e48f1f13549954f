package io.marsad.store.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.CompiledPredicate;
import io.marsad.store.query.run.Answer;
import io.marsad.store.query.run.Ask;
import io.marsad.store.query.run.Follower;
import io.marsad.store.query.run.Lookups;
import io.marsad.store.query.run.QueryRun;
import io.marsad.store.segment.SegmentStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every example of the language's page: each finds one of these events and leaves one out. */
class QueryLanguagePageTest {
    private static final Pattern EXPRESSION = Pattern.compile("^\\| `(.+)` \\| (.*) \\|$");
    private static final Pattern EXAMPLE = Pattern.compile("^\\| `(.+?)` \\|.*");

    private static EventBatch events() {
        var batch = new EventBatch(new TenantId("docs"));
        event(
                batch,
                LogSource.of("windows", "process_creation", "sysmon"),
                "process.name",
                "cmd.exe",
                "process.file.path",
                "C:\\Windows\\System32\\cmd.exe",
                "process.cmd_line",
                "cmd /c start hidden",
                "actor.user.name",
                "admin",
                "device.hostname",
                "ws-17",
                "class_uid",
                "1007",
                "severity_id",
                "4",
                "src_endpoint.ip",
                "10.1.2.3",
                "src_endpoint.port",
                "51000",
                "dst_endpoint.port",
                "443");
        event(
                batch,
                LogSource.of("windows", "process_creation", null),
                "process.name",
                "powershell.exe",
                "process.file.path",
                "C:\\Windows\\System32\\powershell.exe",
                "process.cmd_line",
                "powershell -enc SQBFAFgAIAAo EncodedCommand",
                "actor.user.name",
                "svc-backup",
                "src_endpoint.port",
                "1000",
                "message",
                "mimikatz");
        event(
                batch,
                LogSource.of("linux", null, "sshd"),
                "process.name",
                "sshd",
                "user.name",
                "root",
                "message",
                "Failed password for root from 'C:\\Users\\*'",
                "dst_endpoint.port",
                "8022",
                "severity_id",
                "1");
        event(batch, LogSource.NONE, "message", "link up");
        return batch;
    }

    private static void event(EventBatch batch, LogSource source, String... pairs) {
        batch.beginRow(new EventId(0, batch.rows()), 0, 0, "docs");
        batch.source(source);
        var raw = String.join(" ", pairs).getBytes(StandardCharsets.UTF_8);
        batch.raw(raw, 0, raw.length);
        for (int i = 0; i < pairs.length; i += 2) {
            batch.add(Field.of(pairs[i]), pairs[i + 1]);
        }
        batch.endRow();
    }

    private static List<String> page() throws IOException {
        return Files.readAllLines(Path.of(System.getProperty("marsad.root"), "docs/reference/query-language.md"));
    }

    @Test
    void everyExampleFindsWhatItShouldAndNotEverything() throws IOException {
        var events = events();
        var operators = new ArrayList<>(Parser.OPERATOR_WORDS);
        operators.addAll(List.of("=", "!=", "==", "!==", "<", "<=", ">", ">=", "~", "!~", "and", "or", "not"));
        int examples = 0;
        for (var line : page()) {
            if (line.startsWith("| name | fields")) {
                break;
            }
            var matcher = EXAMPLE.matcher(line);
            if (!matcher.matches()) {
                continue;
            }
            examples++;
            var example = matcher.group(1);
            var test = CompiledPredicate.of(Query.parse(example).predicate());
            int found = 0;
            for (int r = 0; r < events.rows(); r++) {
                found += test.test(events, r) ? 1 : 0;
            }
            assertThat(found).as(example).isBetween(1, events.rows() - 1);
            operators.removeIf(word -> List.of(example.split(" ")).contains(word));
        }
        assertThat(examples).isGreaterThan(40);
        assertThat(operators).as("operators without an example").isEmpty();
    }

    @Test
    void everyQueryWithStagesHasAnAnswer(@TempDir Path folder) throws IOException {
        var words = new ArrayList<>(StageParser.STAGES);
        words.addAll(MeasureParser.WORDS);
        words.removeAll(List.of("p50", "p90", "p99"));
        int examples = 0;
        boolean inside = false;
        try (var store = SegmentStore.open(folder, SegmentStore.Options.standard())) {
            store.append(0, events());
            var queries = new QueryRun(store, new Assets());
            for (var line : page()) {
                if (line.startsWith("```")) {
                    inside = line.equals("```mql");
                } else if (inside) {
                    examples++;
                    var answer = queries.run(ask(line), Follower.NONE);
                    int rows = switch (answer.rows()) {
                        case Answer.Events events -> events.events().rows();
                        case Answer.Table table -> table.rows().size();
                    };
                    assertThat(rows > 0 || line.startsWith("last") || line.startsWith("between"))
                            .as(line)
                            .isTrue();
                    words.removeIf(word ->
                            Pattern.compile("\\b" + word + "\\b").matcher(line).find());
                }
            }
        }
        assertThat(examples).isGreaterThan(20);
        assertThat(words).as("stages and measures without an example").isEmpty();
    }

    private static Ask ask(String query) {
        return new Ask(new TenantId("docs"), Query.parse(query), 0, 600_000, 600_000, 100, null, Duration.ofMinutes(1));
    }

    @Test
    void everyExpressionGivesWhatThePageSays(@TempDir Path folder) throws IOException {
        var functions = new ArrayList<>(List.of(Function.words()));
        boolean inside = false;
        try (var store = SegmentStore.open(folder, SegmentStore.Options.standard())) {
            store.append(0, events());
            var queries = new QueryRun(store, Lookups.NONE);
            for (var line : page()) {
                var matcher = EXPRESSION.matcher(line);
                inside = line.equals("| expression | gives |") || inside && line.startsWith("|");
                if (inside && matcher.matches()) {
                    var expression = matcher.group(1);
                    var answer = queries.run(ask("* | head 1 | eval x = " + expression + " | fields x"), Follower.NONE);
                    var value = ((Answer.Table) answer.rows()).rows().getFirst().getFirst();
                    var text = value instanceof Double number && number == Math.rint(number)
                            ? Long.toString(number.longValue())
                            : String.valueOf(value);
                    assertThat(text).as(expression).isEqualTo(matcher.group(2));
                    functions.removeIf(word -> expression.contains(word + "("));
                }
            }
        }
        assertThat(functions).as("functions without an example").isEmpty();
    }

    private static final class Assets implements Lookups {
        @Override
        public LookupList find(TenantId tenant, String name) {
            return new LookupList() {
                @Override
                public List<String> columns() {
                    return List.of("owner", "tier");
                }

                @Override
                public List<@Nullable String> find(String key) {
                    return List.of("ann", "1");
                }
            };
        }

        @Override
        public List<String> names(TenantId tenant) {
            return List.of("assets");
        }
    }

    @Test
    void theTableOfShortNamesIsComplete() throws IOException {
        var page = String.join("\n", page());
        Names.ALIASES.forEach((name, fields) ->
                assertThat(page).contains("| `" + name + "` | `" + String.join("`, `", fields) + "` |"));
    }
}
