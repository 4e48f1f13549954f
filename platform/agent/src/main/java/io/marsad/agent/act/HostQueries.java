package io.marsad.agent.act;

import io.marsad.agent.collect.Collector;
import io.marsad.agent.collect.HostRoot;
import io.marsad.agent.collect.InventoryCollector;
import io.marsad.agent.collect.ProcessCollector;
import io.marsad.agent.collect.SocketCollector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a host may be asked: what is there now. Nothing else can be asked, whoever signs it. */
final class HostQueries implements HostAction {
    private static final int MOST_ROWS = 200;
    private static final int MOST_BYTES = 60_000;
    private static final long HASHED = 64L << 20;
    private static final List<String> FIELDS = List.of("name", "uid", "gid", "full_name", "home", "shell");

    private final Path root;
    private final InstantSource clock;
    private final Map<String, Question> questions;

    @FunctionalInterface
    private interface Question {
        void ask(Consumer<ObjectNode> rows) throws IOException;
    }

    HostQueries(Path root, InstantSource clock) {
        this.root = root;
        this.clock = clock;
        var host = new HostRoot(root);
        questions = Map.of(
                "processes", found(_ -> new ProcessCollector(host, clock, HASHED), "process"),
                "connections", found(_ -> new SocketCollector(host, clock), "socket"),
                "logins", found(_ -> new InventoryCollector(host, clock), "login"),
                "packages", found(_ -> new InventoryCollector(host, clock), "package"),
                "users", this::users);
    }

    private static Question found(Function<String, Collector> collectors, String source) {
        return rows -> {
            try (var collector = collectors.apply(source)) {
                collector.poll(one -> {
                    if (one.path("source").asString("").equals(source)) {
                        rows.accept(one.without(List.of("source", "activity", "time")));
                    }
                });
            }
        };
    }

    @Override
    public Set<String> names() {
        return Set.of("run_endpoint_query");
    }

    @Override
    public boolean isSlow() {
        return true;
    }

    @Override
    public Done perform(Told told) throws ActionFailed, IOException {
        var name = told.text("query");
        var question = questions.get(name);
        if (question == null) {
            throw new ActionFailed("there is no question '" + name + "'; there are "
                    + String.join(", ", questions.keySet().stream().sorted().toList()));
        }
        var rows = JsonNodeFactory.instance.arrayNode();
        long[] seen = new long[2]; // rows, and characters of those that are kept
        question.ask(row -> {
            seen[0]++;
            int size = row.toString().length();
            if (rows.size() < MOST_ROWS && seen[1] + size <= MOST_BYTES) {
                rows.add(row);
                seen[1] += size;
            }
        });
        var proof = Done.seen().put("query", name).put("rows", seen[0]).put("at", clock.millis());
        return new Done(
                Map.of("rows", rows.toString(), "count", Long.toString(seen[0])), proof.put("kept", rows.size()));
    }

    private void users(Consumer<ObjectNode> rows) throws IOException {
        for (var line : Files.readAllLines(root.resolve("etc/passwd"), StandardCharsets.ISO_8859_1)) {
            var values = line.split(":", -1);
            if (values.length == 7) {
                var row = JsonNodeFactory.instance.objectNode();
                int at = 0;
                for (var field : FIELDS) {
                    row.put(field, values[at == 0 ? 0 : at + 1]); // nobody is told what stands for the password
                    at++;
                }
                rows.accept(row);
            }
        }
    }
}
