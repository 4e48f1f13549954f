package io.marsad.soc.risk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Act;
import io.marsad.soc.alert.AlertStatus;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.Detection;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.alert.Triage;
import io.marsad.soc.alert.Verdict;
import io.marsad.testkit.Seed;
import io.marsad.testkit.SharedDatabase;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** While alerts come and are judged, the process that keeps risk is killed again and again; nothing is lost or counted twice. */
class RiskKillTest {
    private static final int KILLS = 8;
    private static final int MOST_BETWEEN = 60;

    private final InstantSource clock = InstantSource.system();
    private final Database database = SharedDatabase.database();
    private final TenantId tenant = SharedDatabase.newTenant();
    private final Alerts alerts = new Alerts(database, clock, Duration.ZERO);
    private final Triage triage = new Triage(database, clock);
    private final Seed seed = Seed.of("RiskKillTest");
    private final Random random = new Random(seed.value());
    private final HashMap<EventId, Detection> raised = new HashMap<>();
    private final HashSet<EventId> nothing = new HashSet<>();

    @Test
    void afterKillsAtRandomPointsTheScoresAreThoseOfTheAlerts() throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            var child = child();
            try {
                for (int i = random.nextInt(MOST_BETWEEN); i >= 0; i--) {
                    change();
                }
            } finally {
                child.destroyForcibly().waitFor();
            }
        }
        assertThat(waiting()).as("killed before all was done").isPositive();
        var last = child();
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> waiting() == 0);
        } finally {
            last.destroyForcibly().waitFor();
        }
        var follower = new RiskFollower(RiskModel.STANDARD, Weighing.NOTHING, Promotions.NONE, clock);
        var queue = new RiskQueue(database, RiskModel.STANDARD, follower, clock);
        var page = CallerScope.callAs(
                Caller.system(tenant, "test"), () -> queue.list(RiskQueue.Filter.ALL, RiskQueue.MAX_PAGE, null));
        var kept = new TreeMap<EntityKey, BigDecimal>();
        page.rows().forEach(row -> kept.put(row.entity(), row.risk().points()));
        assertThat(kept).as(seed.toString()).isEqualTo(recomputed(page));
    }

    /** Raises an alert, or judges one that there is. */
    private void change() throws Exception {
        if (!raised.isEmpty() && random.nextInt(4) == 0) {
            var id = new ArrayList<>(raised.keySet()).get(random.nextInt(raised.size()));
            if (nothing.add(id)) {
                var close = new Act.Move(AlertStatus.RESOLVED, Verdict.FALSE_POSITIVE, null, null);
                CallerScope.callAs(Caller.system(tenant, "test"), () -> triage.act(id, close, null, null));
            }
            return;
        }
        var time = clock.instant().minusSeconds(random.nextInt(80_000));
        var detection = RiskAlerts.alert(
                "r" + random.nextInt(12),
                Severity.values()[random.nextInt(5)],
                time,
                "host-" + random.nextInt(8),
                "user=u" + random.nextInt(8));
        raised.put(RiskAlerts.raise(database, alerts, tenant, detection), detection);
    }

    /** From what was raised and judged here, with nothing of what is kept. */
    private TreeMap<EntityKey, BigDecimal> recomputed(RiskQueue.Page page) {
        var all = new TreeMap<EntityKey, List<Contribution>>();
        for (var one : raised.entrySet()) {
            var detection = one.getValue();
            var severity = detection.rule().severity();
            var verdict = nothing.contains(one.getKey()) ? Verdict.FALSE_POSITIVE : null;
            for (var entity : detection.entities()) {
                all.computeIfAbsent(EntityKey.of(entity), _ -> new ArrayList<>())
                        .add(new Contribution(
                                one.getKey(),
                                detection.rule().id(),
                                detection.rule().title(),
                                severity,
                                detection.time(),
                                BigDecimal.ZERO,
                                List.of(),
                                RiskModel.points(severity, BigDecimal.ZERO, verdict)));
            }
        }
        var points = new TreeMap<EntityKey, BigDecimal>();
        all.forEach((entity, contributions) -> {
            var risk = RiskModel.STANDARD.at(page.at(), contributions);
            if (risk.band() != Risk.Band.NONE) {
                points.put(entity, risk.points());
            }
        });
        return points;
    }

    private long waiting() {
        return database.<Long>inTenant(tenant, connection -> {
            try (var select =
                    connection.prepareStatement("SELECT count(*) FROM outbox WHERE tenant_id = ? AND queue = 'risk'")) {
                select.setString(1, tenant.value());
                try (var rows = select.executeQuery()) {
                    rows.next();
                    return rows.getLong(1);
                }
            }
        });
    }

    private static Process child() throws IOException {
        var access = SharedDatabase.server().access();
        var child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ChildFollower.class.getName(),
                        access.url(),
                        access.owner().user(),
                        access.owner().password(),
                        access.app().user(),
                        access.app().password())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(child.inputReader().readLine()).isEqualTo("begun");
        return child;
    }
}
