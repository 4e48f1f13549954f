package io.marsad.db.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.db.Database;
import io.marsad.db.Migrations;
import io.marsad.db.PostgresAccess;
import io.marsad.db.TestPostgres;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is put is done once, whoever fails; what cannot be done waits for a person. */
class OutboxTest {
    private static final Instant NOW = Instant.parse("2026-05-04T08:00:00Z");
    private static final Duration SOON = Duration.ofMillis(50);
    private static final AtomicInteger TENANTS = new AtomicInteger();
    private static PostgresAccess access;
    private static Database database;

    @BeforeAll
    static void open() throws SQLException {
        access = TestPostgres.freshAccess();
        Migrations.migrate(access);
        database = Database.open(access);
        try (var owner = TestPostgres.as(access, access.owner());
                var statement = owner.createStatement()) {
            statement.execute("CREATE TABLE effects (tenant_id text NOT NULL, subject uuid NOT NULL)");
            statement.execute("CALL isolate('effects')");
        }
    }

    @AfterAll
    static void close() {
        database.close();
    }

    private static TenantId tenant() {
        var tenant = new TenantId("tenant-" + TENANTS.incrementAndGet());
        database.inInstallation(connection -> {
            try (var insert = connection.prepareStatement("INSERT INTO tenants VALUES (?, 'A tenant', ?)")) {
                insert.setString(1, tenant.value());
                insert.setTimestamp(2, Timestamp.from(NOW));
                return insert.executeUpdate();
            }
        });
        return tenant;
    }

    private static void put(TenantId tenant, String queue, List<UUID> subjects) {
        database.inTenant(tenant, connection -> {
            Outbox.put(connection, tenant, NOW, List.of(queue), subjects);
            return true;
        });
    }

    private static void effect(Connection connection, Claim claim) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO effects SELECT ?, unnest(?)")) {
            insert.setString(1, claim.tenant().value());
            insert.setArray(2, connection.createArrayOf("uuid", claim.subjects().toArray()));
            insert.executeUpdate();
        }
    }

    private static Map<UUID, Integer> effects(TenantId tenant) {
        return database.inTenant(tenant, connection -> {
            var counts = new HashMap<UUID, Integer>();
            try (var select = connection.prepareStatement("SELECT subject FROM effects");
                    var rows = select.executeQuery()) {
                while (rows.next()) {
                    counts.merge(rows.getObject(1, UUID.class), 1, Integer::sum);
                }
            }
            return counts;
        });
    }

    private static int left(TenantId tenant) {
        return database.inTenant(tenant, connection -> {
            try (var select = connection.prepareStatement("SELECT count(*) FROM outbox");
                    var rows = select.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        });
    }

    @Test
    void eachIsDoneOnceByTwoPlatformsThatFailAtRandomAndForNoTenantTwice() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var tenants = List.of(tenant(), tenant(), tenant());
        var atWork = ConcurrentHashMap.<String>newKeySet();
        var trouble = new AtomicReference<String>();
        var other = Database.open(access);
        // A failed one is due again in 5 s by the clock, which runs a thousand times as fast.
        InstantSource fast = () -> NOW.plusMillis((System.nanoTime() - seed) / 1_000);
        try (other;
                var _ = follow(database, "one", random, atWork, trouble, fast);
                var _ = follow(other, "two", random, atWork, trouble, fast)) {
            var put = new HashMap<TenantId, List<UUID>>();
            for (int i = 0; i < 300; i++) {
                var tenant = tenants.get(i % 3);
                var subject = UUID.randomUUID();
                put.computeIfAbsent(tenant, _ -> new ArrayList<>()).add(subject);
                put(tenant, "work", List.of(subject));
            }
            Awaitility.await("seed " + seed)
                    .atMost(Duration.ofSeconds(120))
                    .untilAsserted(
                            () -> tenants.forEach(t -> assertThat(left(t)).isZero()));
            for (var tenant : tenants) {
                assertThat(effects(tenant))
                        .as("seed " + seed)
                        .hasSize(100)
                        .allSatisfy((subject, times) -> assertThat(times).isEqualTo(1));
                assertThat(effects(tenant).keySet()).containsAll(put.get(tenant));
            }
            assertThat(trouble.get()).isNull();
        }
    }

    private static OutboxRunner follow(
            Database database,
            String name,
            Random random,
            java.util.Set<String> atWork,
            AtomicReference<String> trouble,
            InstantSource clock) {
        Follower follower = claim -> {
            var place = name + claim.tenant();
            if (!atWork.add(place)) {
                trouble.set("two at once for " + place);
            }
            try {
                database.inTenant(claim.tenant(), connection -> {
                    effect(connection, claim);
                    if (random.nextInt(10) == 0) {
                        throw new IllegalStateException("fails now");
                    }
                    claim.done(connection);
                    if (random.nextInt(10) == 0) {
                        throw new IllegalStateException("fails later");
                    }
                    return true;
                });
            } finally {
                atWork.remove(place);
            }
        };
        var following = new OutboxRunner.Following("work", follower, 7, Duration.ofHours(10), 2);
        return OutboxRunner.start(database, List.of(following), SOON, clock);
    }

    @Test
    void oneThatTakesLongDoesNotHoldUpTheNextWhereATenantHasMoreThreads() {
        var tenant = tenant();
        var slow = UUID.randomUUID();
        var quick = UUID.randomUUID();
        var go = new CountDownLatch(1);
        Follower follower = claim -> {
            if (claim.subjects().contains(slow)) {
                go.await();
            }
            database.inTenant(claim.tenant(), connection -> {
                effect(connection, claim);
                claim.done(connection);
                return true;
            });
        };
        put(tenant, "calls", List.of(slow));
        var following = new OutboxRunner.Following("calls", follower, 1, Duration.ofMinutes(1), 4, 2);
        try (var _ = OutboxRunner.start(database, List.of(following), SOON, () -> NOW)) {
            put(tenant, "calls", List.of(quick));
            await(() -> assertThat(effects(tenant)).containsOnlyKeys(quick));
            go.countDown();
            await(() -> assertThat(effects(tenant)).containsOnlyKeys(quick, slow));
        } finally {
            go.countDown();
        }
    }

    @Test
    void whatFailsFourTimesWaitsForAPersonAndOneDoesNotHoldUpTheOthers() {
        var tenant = tenant();
        var bad = UUID.randomUUID();
        var good = UUID.randomUUID();
        var clock = new AtomicReference<>(NOW);
        var tries = new ArrayList<Instant>();
        var mended = new AtomicReference<>(false);
        Follower follower = claim -> database.inTenant(claim.tenant(), connection -> {
            effect(connection, claim);
            if (!mended.get() && claim.subjects().contains(bad)) {
                if (claim.items().size() == 1) {
                    tries.add(clock.get());
                }
                throw new IllegalStateException("the source is broken");
            }
            claim.done(connection);
            return true;
        });
        put(tenant, "slow", List.of(bad, good));
        var following = new OutboxRunner.Following("slow", follower, 10, Duration.ofMinutes(1), 1);
        try (var _ = OutboxRunner.start(database, List.of(following), SOON, clock::get)) {
            await(() -> assertThat(effects(tenant)).containsOnlyKeys(good));
            for (var pause : OutboxRunner.PAUSES) {
                int before = tries.size();
                clock.set(clock.get().plus(pause));
                await(() -> assertThat(tries).hasSize(before + 1));
            }
            await(() -> assertThat(dead(tenant)).singleElement().satisfies(letter -> {
                assertThat(letter.subject()).isEqualTo(bad);
                assertThat(letter.failures()).isEqualTo(4);
                assertThat(letter.reason()).isEqualTo("the source is broken");
            }));
            assertThat(tries).containsExactly(NOW, NOW.plusSeconds(5), NOW.plusSeconds(35), NOW.plusSeconds(155));
            mended.set(true);
            int replayed = database.<Integer>inTenant(
                    tenant, connection -> Outbox.replay(connection, tenant, "slow", null, clock.get()));
            assertThat(replayed).isEqualTo(1);
            await(() -> assertThat(effects(tenant)).containsOnlyKeys(good, bad));
            assertThat(left(tenant)).isZero();
        }
    }

    private static List<Outbox.Dead> dead(TenantId tenant) {
        return database.inTenant(tenant, connection -> Outbox.dead(connection, tenant, "slow", 10));
    }

    @Test
    void whoTakesTooLongLosesItAndChangesNothing() {
        var tenant = tenant();
        put(tenant, "lost", List.of(UUID.randomUUID()));
        var outbox = new Outbox(database);
        var first = outbox.claim(tenant, "lost", NOW, NOW.plusSeconds(10), 5);
        assertThat(outbox.claim(tenant, "lost", NOW, NOW.plusSeconds(10), 5).items())
                .isEmpty();
        assertThat(outbox.due("lost", NOW)).isEmpty();
        var second = outbox.claim(tenant, "lost", NOW.plusSeconds(10), NOW.plusSeconds(20), 5);
        assertThat(second.items()).isEqualTo(first.items());
        assertThatThrownBy(() -> finish(first)).isInstanceOf(ClaimLostException.class);
        assertThat(effects(tenant)).isEmpty();
        outbox.failed(first, "too late", NOW, null);
        finish(second);
        assertThat(effects(tenant)).hasSize(1);
        assertThat(left(tenant)).isZero();
    }

    private static void finish(Claim claim) {
        database.inTenant(claim.tenant(), connection -> {
            effect(connection, claim);
            claim.done(connection);
            return true;
        });
    }

    private static void await(org.awaitility.core.ThrowingRunnable condition) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(condition);
    }
}
