package io.marsad.store.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.CompiledPredicate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Runs every example of the language's page: each finds one of these events and leaves one out. */
class QueryLanguagePageTest {
    private static final Pattern EXAMPLE = Pattern.compile("^\\| `(.+?)` \\|.*");

    private static EventBatch events() {
        var batch = new EventBatch(new TenantId("docs"));
        event(
                batch,
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
        event(batch, "message", "link up");
        return batch;
    }

    private static void event(EventBatch batch, String... pairs) {
        batch.beginRow(new EventId(0, batch.rows()), 0, 0, "docs");
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
    void theTableOfShortNamesIsComplete() throws IOException {
        var page = String.join("\n", page());
        Names.ALIASES.forEach((name, fields) ->
                assertThat(page).contains("| `" + name + "` | `" + String.join("`, `", fields) + "` |"));
    }
}
