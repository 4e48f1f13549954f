package io.marsad.server.cli;

import io.marsad.server.client.PlatformClient;
import io.marsad.server.client.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code marsad rules hunt}. */
@Command(
        name = "hunt",
        description = {
            "Run rules over the events that a running platform has stored: how often would they have fired?",
            "",
            "RULE is a file with Sigma YAML that need not be in use, or the id of a rule or correlation in use; without"
                    + " any, all rules in use are run. Nothing is raised unless --raise is given; what the live stream"
                    + " raised already is never raised twice. Ctrl-C cancels the hunt.",
            "",
            "Exits 0 when it is done, 1 when it failed or was cancelled, 2 on wrong use."
        },
        sortOptions = false)
final class RulesHuntCommand implements Callable<Integer> {
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final int MOST_TEXT = 512 << 10;
    private static final int MOST_SHOWN = 50;

    @Parameters(paramLabel = "RULE", arity = "0..*", description = "A file, or ids.")
    private List<String> rules = List.of();

    @Option(names = "--last", paramLabel = "LENGTH", description = "How far back: 45m, 24h, 7d, 4w (default: 30d).")
    private String last = "30d";

    @Option(names = "--from", paramLabel = "TIME", description = "Begin instead, e.g. 2026-11-01T00:00:00Z.")
    private @Nullable Instant from;

    @Option(names = "--to", paramLabel = "TIME", description = "End, exclusive (default: now).")
    private @Nullable Instant to;

    @Option(names = "--raise", description = "Make alerts of what is found.")
    private boolean raise;

    @Option(names = "--json", description = "Print the result as one JSON line.")
    private boolean json;

    @Mixin
    private Target target = new Target();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var asked = asked();
        var terminal = new Terminal(json ? System.err : System.out, System.console() != null && !json);
        try (var client = target.client()) {
            var hunt = Answers.sound(client.post("/v1/hunts", asked));
            var id = hunt.path("id").asString();
            var cancel = new Thread(() -> cancel(client, id), "cancel-hunt");
            Runtime.getRuntime().addShutdownHook(cancel);
            while (hunt.path("ended_at").isNull() || hunt.path("ended_at").isMissingNode()) {
                terminal.progress(hunt.path("progress").asDouble(), progress(hunt));
                Thread.sleep(LOOK_EVERY);
                hunt = Answers.sound(client.get("/v1/hunts/" + id));
            }
            Runtime.getRuntime().removeShutdownHook(cancel);
            terminal.clear();
            if (json) {
                System.out.println(hunt);
            } else {
                print(terminal, hunt);
            }
            return hunt.path("state").asString().equals("done") ? 0 : 1;
        }
    }

    private static void cancel(PlatformClient client, String id) {
        try {
            client.post("/v1/hunts/" + id + "/cancel", Map.of());
        } catch (IOException e) {
            System.err.println("the hunt could not be cancelled: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, Object> asked() throws IOException {
        var asked = new LinkedHashMap<String, Object>();
        if (rules.size() == 1 && Files.isRegularFile(Path.of(rules.getFirst()))) {
            var file = Path.of(rules.getFirst());
            if (Files.size(file) > MOST_TEXT) {
                throw new CommandFailure(file + " is larger than a rule may be (" + MOST_TEXT + " bytes)");
            }
            asked.put("rule", Files.readString(file));
        } else if (!rules.isEmpty()) {
            asked.put("rule_ids", new ArrayList<>(rules));
        }
        var end = to == null ? Instant.now() : to;
        asked.put("from", (from == null ? end.minus(Length.parse(last)) : from).toString());
        asked.put("to", end.toString());
        asked.put("raise", raise);
        return asked;
    }

    private static String progress(JsonNode hunt) {
        return String.format(
                Locale.ROOT,
                "%s: %,d events looked at, %,d hits",
                hunt.path("state").asString(),
                hunt.path("scanned_events").asLong(),
                hunt.path("hits").asLong());
    }

    private static void print(Terminal terminal, JsonNode hunt) {
        terminal.line(String.format(
                Locale.ROOT,
                "%s: %s. %,d hits in %,d events from %s to %s.",
                hunt.path("title").asString(),
                hunt.path("state").asString(),
                hunt.path("hits").asLong(),
                hunt.path("scanned_events").asLong(),
                hunt.path("from").asString(),
                hunt.path("to").asString()));
        var note = hunt.path("note").asString("");
        if (!note.isEmpty()) {
            terminal.line(note);
        }
        int shown = 0;
        for (JsonNode rule : hunt.path("rules")) {
            if (shown++ == MOST_SHOWN) {
                terminal.line("and " + (hunt.path("rules").size() - MOST_SHOWN) + " more: --json lists all");
                break;
            }
            terminal.line(String.format(
                    Locale.ROOT,
                    "%8d  %6.2f a day  %-13s  %s",
                    rule.path("hits").asLong(),
                    rule.path("per_day").asDouble(),
                    rule.path("level").asString(),
                    rule.path("title").asString()));
        }
    }
}
