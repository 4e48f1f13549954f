package io.marsad.db.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.Database;
import io.marsad.db.TestPostgres;
import io.marsad.db.audit.AuditLog.Entry;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.Origin;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whatever a superuser of the database does to the rows of an audit log, checking it finds. */
class AuditTamperTest {
    private static final TenantId TENANT = new TenantId("acme");
    private static final TenantId OTHER = new TenantId("other");
    private static final int MUTATIONS = 10_000;
    private static final int ENTRIES = 9;
    private static final int SEALED = 5;

    private final AuditSeal seal = new AuditSeal(AuditLogTest.keys());

    @Test
    void everyMutationIsFound() throws SQLException {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        System.out.println("AuditTamperTest seed " + seed);
        var random = new SplittableRandom(seed);
        var access = TestPostgres.freshAccess();
        try (var database = Database.open(access)) {
            fill(database, random);
        }
        var kinds = new TreeMap<String, Integer>();
        try (var connection =
                TestPostgres.superuser(access.url().substring(access.url().lastIndexOf('/') + 1))) {
            connection.createStatement().execute("SET session_replication_role = replica");
            connection.setAutoCommit(false);
            assertThat(AuditCheck.verify(connection, TENANT, seal, null).ok()).isTrue();
            var before = rows(connection);
            for (int i = 0; i < MUTATIONS; ) {
                var mutation = mutation(random);
                var kind = mutation.split(" ", 3)[0] + " " + mutation.replaceAll("(?s).* SET (\\w+) =.*", "$1");
                connection.createStatement().execute(mutation);
                if (!rows(connection).equals(before)) { // some leave everything as it was
                    assertThat(AuditCheck.verify(connection, TENANT, seal, null).ok()
                                    && AuditCheck.verify(connection, OTHER, seal, null)
                                            .ok())
                            .as(mutation)
                            .isFalse();
                    kinds.merge(kind.length() > 30 ? kind.substring(0, 6) : kind, 1, Integer::sum);
                    i++;
                }
                connection.rollback();
            }
        }
        System.out.println("AuditTamperTest " + MUTATIONS + " mutations found: " + kinds);
        assertThat(kinds).hasSizeGreaterThan(10);
    }

    private void fill(Database database, SplittableRandom random) {
        for (TenantId tenant : List.of(TENANT, OTHER)) {
            database.inInstallation(c -> c.createStatement()
                    .executeUpdate("INSERT INTO tenants VALUES ('" + tenant + "', 'A tenant', now())"));
            for (int i = 0; i < ENTRIES; i++) {
                var entry = new Entry(
                        Instant.parse("2026-03-01T10:00:00Z").plusNanos(random.nextLong(1L << 40)),
                        "user:" + random.nextInt(3),
                        "alert.transition",
                        "alert:" + random.nextInt(3),
                        "{\"n\": " + random.nextInt(5) + "}");
                var origin = new Origin("r" + random.nextInt(9), "192.0.2." + random.nextInt(5));
                CallerScope.callFrom(origin, () -> database.inTenant(tenant, c -> AuditLog.append(c, tenant, entry)));
                if (i == SEALED) {
                    database.inTenant(tenant, c -> AuditCheckpoints.make(c, tenant, seal, entry.at()));
                }
            }
        }
    }

    private static String mutation(SplittableRandom random) {
        int seq = 1 + random.nextInt(ENTRIES);
        int other = 1 + random.nextInt(ENTRIES);
        var row = " WHERE tenant_id = 'acme' AND seq = " + seq;
        return switch (random.nextInt(6)) {
            case 0, 1 -> "UPDATE audit_log SET " + changed(random, other) + row;
            case 2 ->
                "DELETE FROM audit_log WHERE tenant_id = 'acme' AND seq "
                        + List.of("=", ">=", "<", ">").get(random.nextInt(4)) + " " + seq;
            case 3 ->
                "UPDATE audit_log SET seq = -seq" + row.replace("= " + seq, "IN (" + seq + ", " + other + ")")
                        + "; UPDATE audit_log SET seq = " + (seq + other) + " + seq WHERE seq < 0";
            case 4 ->
                "INSERT INTO audit_log (SELECT (jsonb_populate_record(a, jsonb_build_object('seq', "
                        + (random.nextBoolean() ? ENTRIES + other : -other) + "))).* FROM audit_log a" + row + ")";
            default ->
                "UPDATE audit_log a SET actor = b.actor, action = b.action, object = b.object, at = b.at,"
                        + " detail = b.detail, request_id = b.request_id, address = b.address, hash = b.hash,"
                        + " prev_hash = b.prev_hash FROM audit_log b WHERE a.tenant_id = 'acme' AND a.seq = " + seq
                        + " AND b.tenant_id = '" + (random.nextBoolean() ? TENANT : OTHER) + "' AND b.seq = " + other;
        };
    }

    private static String changed(SplittableRandom random, int other) {
        return switch (random.nextInt(11)) {
            case 0 -> "actor = 'user:" + random.nextInt(9) + "'";
            case 1 -> "action = left(action, " + random.nextInt(16) + ")";
            case 2 -> "object = object || '" + random.nextInt(9) + "'";
            case 3 -> "detail = '{\"n\": " + random.nextInt(9) + "}'";
            case 4 -> "at = at + interval '" + (random.nextInt(2000) - 1000) + " microseconds'";
            case 5 -> "request_id = 'r" + random.nextInt(9) + "'";
            case 6 -> "address = '192.0.2." + random.nextInt(9) + "'";
            case 7 -> "hash = set_byte(hash, " + random.nextInt(32) + ", " + random.nextInt(256) + ")";
            case 8 -> "prev_hash = set_byte(prev_hash, " + random.nextInt(32) + ", " + random.nextInt(256) + ")";
            case 9 -> "version = " + random.nextInt(4);
            default -> "seq = " + (ENTRIES + other);
        };
    }

    /** Differs when any value of any row does. */
    private static String rows(Connection connection) throws SQLException {
        try (var result = connection
                .createStatement()
                .executeQuery("SELECT md5(string_agg(a::text, chr(10) ORDER BY a::text)) FROM audit_log a")) {
            result.next();
            return String.valueOf(result.getString(1));
        }
    }
}
