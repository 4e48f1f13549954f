package io.marsad.bench.flow;

import io.marsad.bench.flow.AlertTraffic.Mix;
import io.marsad.db.embedded.EmbeddedPostgres;
import io.marsad.server.client.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Raises alerts on a platform and watches, in its database, how far what follows them is. */
final class FollowersRun {
    private static final long SEED = 20_261_122;
    private static final int RECORDS = 200;
    private static final long PATIENCE = 1_800_000_000_000L;
    private static final List<String> QUEUES = List.of("risk", "cases", "decisions");

    private final Platform platform;
    private final Path data;
    private final Mix mix;
    private final int alerts;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    FollowersRun(Platform platform, Path data, Mix mix, int alerts) {
        this.platform = platform;
        this.data = data;
        this.mix = mix;
        this.alerts = alerts / RECORDS * RECORDS;
    }

    /** Puts what was measured into the result; returns whether all is there, once. */
    boolean run(Terminal terminal, Map<String, Object> result) throws Exception {
        var tokens = tokens();
        var before = platform.cpu();
        long start = System.nanoTime();
        var sender = Thread.ofPlatform().name("sender").start(() -> send(tokens));
        var took = new LinkedHashMap<String, Double>();
        try (var admin = EmbeddedPostgres.administer(data.resolve("postgres"))) {
            if (admin == null) {
                throw new IOException("the platform has no PostgreSQL of its own");
            }
            watch(admin, start, took, terminal);
            sender.join();
            var after = platform.cpu();
            result.put("alerts", count(admin, "SELECT count(*) FROM marsad.alerts"));
            took.forEach((what, seconds) -> result.put(what + "_per_s", rounded(alerts / seconds)));
            for (String who : List.of("process", "postgresql")) {
                double cpu = after.getOrDefault(who, 0.0) - before.getOrDefault(who, 0.0);
                result.put("cpu_s_per_1000_" + (who.equals("process") ? "jvm" : who), rounded(cpu / alerts * 1000));
            }
            result.put("rss_mb", platform.peakBytes() >> 20);
            return check(admin, result);
        }
    }

    private List<String> tokens() throws IOException, InterruptedException {
        var tokens = new ArrayList<String>();
        try (var operator = platform.client()) {
            for (int i = 0; i < mix.tenants; i++) {
                tokens.add(Neighbours.token(platform.access().url(), operator, "bench-" + i));
            }
        }
        return tokens;
    }

    /** To the tenants in turns, as fast as it is taken. */
    private void send(List<String> tokens) {
        var traffic = new AlertTraffic(mix, SEED);
        var connections = new ArrayList<io.marsad.bench.flow.Connection>();
        try {
            for (String token : tokens) {
                connections.add(
                        new io.marsad.bench.flow.Connection(platform.access().url(), token));
            }
            for (int sent = 0; sent < alerts; sent += RECORDS) {
                var batch = traffic.batch(RECORDS);
                var answer =
                        connections.get(sent / RECORDS % connections.size()).post(batch, "b" + sent, false);
                while (answer.status() == 429 || answer.status() == 503) {
                    Thread.sleep(100); // it says when to come again, in whole seconds
                    answer =
                            connections.get(sent / RECORDS % connections.size()).post(batch, "b" + sent, false);
                }
                if (answer.status() != 202) {
                    throw new IOException("HTTP " + answer.status() + ": " + answer.body());
                }
            }
            for (var connection : connections) {
                connection.close();
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            failure.set(e);
        }
    }

    private void watch(Connection admin, long start, Map<String, Double> took, Terminal terminal) throws Exception {
        while (took.size() <= QUEUES.size()) {
            var failed = failure.get();
            if (failed != null || !platform.isAlive() || System.nanoTime() - start > PATIENCE) {
                throw new IOException("the alerts were not followed", failed);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            if (!took.containsKey("raised")) {
                long raised = count(admin, "SELECT count(*) FROM marsad.alerts");
                terminal.progress((double) raised / alerts, "alerts");
                if (raised >= alerts) {
                    took.put("raised", seconds);
                }
            } else {
                for (String queue : QUEUES) {
                    var waiting = "SELECT count(*) FROM marsad.outbox WHERE queue = '" + queue + "' AND NOT dead";
                    if (!took.containsKey(queue) && count(admin, waiting) == 0) {
                        took.put(queue, seconds);
                    }
                }
            }
            Thread.sleep(200); // how often one looks
        }
    }

    /** Nothing is lost, nothing is there twice, and every decision has its entry in a chain without gaps. */
    private boolean check(Connection admin, Map<String, Object> result) throws SQLException {
        long cases = count(admin, "SELECT count(*) FROM marsad.cases WHERE merged_into IS NULL");
        result.put("cases", cases);
        result.put("alerts_in_cases", count(admin, "SELECT count(*) FROM marsad.case_alerts"));
        long decisions = count(admin, "SELECT count(*) FROM marsad.decisions");
        result.put("decisions", decisions);
        long audited = count(
                admin,
                "SELECT count(DISTINCT object) FROM marsad.audit_log l JOIN marsad.decisions d"
                        + " ON d.tenant_id = l.tenant_id AND d.audit_seq = l.seq AND l.action = 'decision.make'"
                        + " AND l.object = 'alert:' || d.alert_id");
        long waiting = count(admin, "SELECT count(*) FROM marsad.outbox");
        long wrong = count(
                admin,
                "SELECT count(*) FROM marsad.cases c WHERE alert_count <> (SELECT count(*) FROM"
                        + " marsad.case_alerts k WHERE k.tenant_id = c.tenant_id AND k.case_id = c.case_id)");
        long gaps = count(
                admin,
                "SELECT count(*) FROM (SELECT tenant_id FROM marsad.audit_log GROUP BY tenant_id"
                        + " HAVING count(*) <> max(seq)) AS with_gaps");
        result.put("waiting", waiting);
        return Long.valueOf(alerts).equals(result.get("alerts"))
                && decisions == alerts
                && audited == alerts
                && waiting == 0
                && wrong == 0
                && gaps == 0;
    }

    private static long count(Connection admin, String sql) throws SQLException {
        try (var select = admin.createStatement();
                var rows = select.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
