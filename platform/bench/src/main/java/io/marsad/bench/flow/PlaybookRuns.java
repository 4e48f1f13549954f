package io.marsad.bench.flow;

import io.marsad.db.embedded.EmbeddedPostgres;
import io.marsad.server.client.PlatformClient;
import io.marsad.server.client.Terminal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Has a platform run playbooks of one tenant and watches, in its database, how far they are. */
final class PlaybookRuns {
    private static final int SENDERS = 8;
    private static final long PATIENCE = 1_200_000_000_000L;
    private static final long ALERT_EVERY_MS = 100;
    private static final String EXTENSION = "extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960";
    private static final String LOOK_UP = "{action: look_up, with: " + RunsCommand.Step.look_up.parameters() + "}";
    private static final String ISOLATE = "{action: isolate_host, with: {host: bench}, approval: one}";

    private static final String AGENT = "group--55e913ba-acfe-4a93-8a1b-ac8d15027dd5";
    private static final String END = "end--00000000-0000-4000-8000-0000000000ff";

    private static final byte[] GIVEN = "{\"given\":{}}".getBytes(StandardCharsets.US_ASCII);

    private final Platform platform;
    private final Path data;
    private final Terminal terminal;
    private final Map<String, Object> result;

    PlaybookRuns(Platform platform, Path data, Terminal terminal, Map<String, Object> result) {
        this.platform = platform;
        this.data = data;
        this.terminal = terminal;
        this.result = result;
    }

    /**
     * Returns whether all ended as they should.
     *
     * @param first so many before those that are measured, while the JVM compiles
     * @param step what a run does three times
     */
    boolean rate(int first, int runs, RunsCommand.Step step) throws Exception {
        var does = "{action: " + step + ", with: " + step.parameters() + "}";
        var playbook =
                playbook("Three steps", "00000000-0000-4000-8000-0000000000a1", List.of(does, does, does), "manual");
        var succeeded = "SELECT count(*) FROM marsad.playbook_runs WHERE status = 'succeeded' AND playbook_id = '"
                + playbook + "'";
        var ended = succeeded.replace("= 'succeeded'", "<> 'running'");
        long start = System.nanoTime();
        begin(playbook, first);
        await(ended, first, start, "first runs");
        result.put("first_runs_per_s", rounded(first / seconds(start)));
        var before = platform.cpu();
        start = System.nanoTime();
        begin(playbook, runs);
        result.put("begun_per_s", rounded(runs / seconds(start)));
        await(ended, first + runs, start, "runs");
        result.put("runs_per_s", rounded(runs / seconds(start)));
        var after = platform.cpu();
        for (String who : List.of("process", "postgresql")) {
            double cpu = after.getOrDefault(who, 0.0) - before.getOrDefault(who, 0.0);
            result.put("cpu_ms_per_run_" + (who.equals("process") ? "jvm" : who), rounded(cpu / runs * 1000));
        }
        try (var admin = admin()) {
            return count(admin, succeeded) == first + runs;
        }
    }

    boolean waiting(int runs, int seconds) throws Exception {
        double alone = share(seconds);
        var playbook =
                playbook("Waits for a person", "00000000-0000-4000-8000-0000000000a2", List.of(ISOLATE), "manual");
        begin(playbook, runs);
        long start = System.nanoTime();
        await("SELECT count(*) FROM marsad.actions WHERE status = 'awaiting_approval'", runs, start, "waiting");
        // What follows their beginning is no waiting.
        await(
                "SELECT CASE WHEN EXISTS (SELECT FROM marsad.outbox WHERE next_at < now()) THEN 0 ELSE 1 END",
                1,
                start,
                "quiet");
        double with = share(seconds);
        result.put("idle_percent_of_a_core", rounded(alone));
        result.put("idle_with_waiting_percent_of_a_core", rounded(with));
        result.put("waiting_percent_of_a_core", rounded(Math.max(0, with - alone)));
        return true;
    }

    /** Of a core that the platform and its database took for the while, in percent. */
    private double share(int seconds) throws Exception {
        terminal.progress(0, "watching");
        Thread.sleep(5_000); // what is still going on after what was done before
        var before = platform.cpu();
        Thread.sleep(seconds * 1_000L);
        var after = platform.cpu();
        double cpu = 0;
        for (String who : List.of("process", "postgresql")) {
            cpu += after.getOrDefault(who, 0.0) - before.getOrDefault(who, 0.0);
        }
        return cpu / seconds * 100;
    }

    boolean alerts(int alerts) throws Exception {
        var playbook = playbook(
                "On alerts", "00000000-0000-4000-8000-0000000000a3", List.of(LOOK_UP), "alert, max_per_hour: 10000");
        var traffic = new AlertTraffic(AlertTraffic.Mix.MIXED, 20_261_122);
        var sender = sender();
        long start = System.nanoTime();
        for (int sent = 0; sent < alerts; sent++) {
            var answer = sender.post(traffic.batch(1), "r" + sent, false);
            if (answer.status() != 202) {
                throw new IOException("HTTP " + answer.status() + ": " + answer.body());
            }
            Thread.sleep(ALERT_EVERY_MS);
        }
        sender.close();
        var ended = "SELECT count(*) FROM marsad.playbook_runs WHERE status = 'succeeded' AND playbook_id = '"
                + playbook + "'";
        await(ended, alerts, start, "alerts");
        try (var admin = admin();
                var select = admin.prepareStatement("""
                        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY took),
                            percentile_cont(0.95) WITHIN GROUP (ORDER BY took), max(took)
                        FROM (SELECT extract(epoch FROM min(a.dispatched_at) - l.created_at) AS took
                            FROM marsad.playbook_runs r
                            JOIN marsad.actions a ON a.tenant_id = r.tenant_id AND a.run_id = r.run_id
                            JOIN marsad.alerts l ON l.tenant_id = r.tenant_id AND r.about = 'alert:' || l.alert_id
                            WHERE r.playbook_id = ? GROUP BY l.alert_id, l.created_at) AS each""")) {
            select.setObject(1, UUID.fromString(playbook));
            try (var rows = select.executeQuery()) {
                rows.next();
                result.put("alert_to_step_p50_s", rounded(rows.getDouble(1)));
                result.put("alert_to_step_p95_s", rounded(rows.getDouble(2)));
                result.put("alert_to_step_max_s", rounded(rows.getDouble(3)));
            }
            return count(admin, ended) == alerts;
        }
    }

    /** Puts a playbook of these steps, one after another, and switches it on; returns its id again. */
    private String playbook(String name, String id, List<String> steps, String on)
            throws IOException, InterruptedException {
        var text = new StringBuilder("""
                type: playbook
                spec_version: cacao-2.0
                id: playbook--%s
                name: %s
                created_by: identity--6f4ef798-ed9b-452a-a88b-b52ac1a66f3d
                created: '2026-11-22T09:00:00.000Z'
                modified: '2026-11-22T09:00:00.000Z'
                workflow_start: start--00000000-0000-4000-8000-000000000000
                workflow:
                  start--00000000-0000-4000-8000-000000000000:
                    {type: start, on_completion: action--00000000-0000-4000-8000-000000000001}
                """.replaceFirst("%s", id).replaceFirst("%s", name));
        for (int i = 1; i <= steps.size(); i++) {
            var next = i < steps.size() ? "action--00000000-0000-4000-8000-00000000000" + (i + 1) : END;
            text.append("  action--00000000-0000-4000-8000-00000000000")
                    .append(i)
                    .append(": {type: action, name: Step ")
                    .append(i)
                    .append(", on_completion: ")
                    .append(next)
                    .append(", commands: [{type: manual, command: Do it}], agent: ")
                    .append(AGENT)
                    .append(", step_extensions: {")
                    .append(EXTENSION)
                    .append(": ")
                    .append(steps.get(i - 1))
                    .append("}}\n");
        }
        text.append("  ").append(END).append(": {type: end}\n");
        text.append("playbook_extensions: {").append(EXTENSION).append(": {triggers: [{'on': ");
        text.append(on).append("}]}}\n");
        text.append("agent_definitions: {").append(AGENT).append(": {type: group, name: Bench}}\n");
        text.append("extension_definitions: {").append(EXTENSION);
        text.append(": {type: extension-definition, name: Marsad, created_by:"
                + " identity--6f4ef798-ed9b-452a-a88b-b52ac1a66f3d, schema: 'urn:marsad:playbook-extension:1', version:"
                + " 1.0.0}}\n");
        try (var client = platform.client()) {
            expect(client.post("/v1/playbooks", Map.of("source", text.toString())), 201);
            expect(client.put("/v1/playbooks/" + id + "/enabled", Map.of("enabled", true)), 200);
        }
        return id;
    }

    private io.marsad.bench.flow.Connection sender() {
        return new io.marsad.bench.flow.Connection(
                platform.access().url(), platform.access().token());
    }

    private static void expect(PlatformClient.Answer answer, int status) throws IOException {
        if (answer.status() != status) {
            throw new IOException(answer.status() + ": " + answer.problem());
        }
    }

    private void begin(String playbook, int runs) throws Exception {
        try (var senders = Executors.newFixedThreadPool(SENDERS)) {
            var all = new ArrayList<Future<?>>();
            for (int sender = 0; sender < SENDERS; sender++) {
                int from = sender;
                all.add(senders.submit(() -> {
                    try (var connection = sender()) {
                        for (int i = from; i < runs; i += SENDERS) {
                            var answer = connection.post("/v1/playbooks/" + playbook + "/runs", GIVEN);
                            if (answer.status() != 201) {
                                throw new IOException("HTTP " + answer.status() + ": " + answer.body());
                            }
                        }
                    }
                    return null;
                }));
            }
            for (var one : all) {
                one.get();
            }
        }
    }

    private void await(String sql, long wanted, long start, String what) throws Exception {
        try (var admin = admin()) {
            for (long is = 0; is < wanted; is = count(admin, sql)) {
                if (!platform.isAlive() || System.nanoTime() - start > PATIENCE) {
                    throw new IOException(is + " of " + wanted + " " + what);
                }
                terminal.progress((double) is / wanted, what);
                Thread.sleep(100); // how often one looks
            }
        }
    }

    private Connection admin() throws IOException, SQLException {
        var admin = EmbeddedPostgres.administer(data.resolve("postgres"));
        if (admin == null) {
            throw new IOException("the platform has no PostgreSQL of its own");
        }
        return admin;
    }

    private static long count(Connection admin, String sql) throws SQLException {
        try (var select = admin.createStatement();
                var rows = select.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
