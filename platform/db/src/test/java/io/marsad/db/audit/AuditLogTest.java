package io.marsad.db.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.db.Database;
import io.marsad.db.PostgresAccess;
import io.marsad.db.TestPostgres;
import io.marsad.db.audit.AuditCheck.Verification;
import io.marsad.db.audit.AuditLog.Entry;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.Origin;
import io.marsad.kernel.tenant.TenantId;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLogTest {
    private static final TenantId TENANT = new TenantId("acme");
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456789Z");

    private final AuditSeal seal = new AuditSeal(keys());
    private static PostgresAccess access;
    private static Database database;

    @BeforeAll
    static void open() throws SQLException {
        access = TestPostgres.freshAccess();
        database = Database.open(access);
        database.inInstallation(
                c -> c.createStatement().executeUpdate("INSERT INTO tenants VALUES ('acme', 'Acme', now())"));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        asSuperuser("TRUNCATE audit_log, audit_heads, audit_checkpoints CASCADE");
    }

    @Test
    void writersAtOnceMakeOneChain() {
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 40; i++) {
                threads.submit(() -> append(1));
            }
        }
        assertThat(verify(null)).isEqualTo(new Verification(40, 0, "", 0));
    }

    @Test
    void severalAtOnceAreLinksOfTheSameChain() {
        append(2);
        var entries = IntStream.range(0, 300)
                .mapToObj(n -> new Entry(AT, "system:one", "decision.make", "alert:" + n, "{\"n\": " + n + "}"))
                .toList();
        assertThat(database.<Long>inTenant(TENANT, c -> AuditLog.append(c, TENANT, entries)))
                .isEqualTo(3);
        append(1);
        assertThat(verify(null)).isEqualTo(new Verification(303, 0, "", 0));
        boolean inOrder = database.<Boolean>inTenant(TENANT, c -> {
            try (var rows = c.createStatement()
                    .executeQuery("SELECT count(*) = 300 FROM audit_log WHERE object = 'alert:' || (seq - 3)")) {
                return rows.next() && rows.getBoolean(1);
            }
        });
        assertThat(inOrder).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3 | UPDATE audit_log SET actor = 'user:other' WHERE seq = 3",
                "3 | UPDATE audit_log SET detail = '{\"n\": 2}' WHERE seq = 3",
                "3 | UPDATE audit_log SET at = at + interval '1 microsecond' WHERE seq = 3",
                "3 | UPDATE audit_log SET address = '10.0.0.1' WHERE seq = 3",
                "3 | UPDATE audit_log SET request_id = '' WHERE seq = 3",
                "3 | UPDATE audit_log SET version = 1 WHERE seq = 3",
                "3 | UPDATE audit_log SET hash = decode(repeat('00', 32), 'hex') WHERE seq = 3",
                "3 | UPDATE audit_log SET prev_hash = decode(repeat('00', 32), 'hex') WHERE seq = 3",
                "3 | DELETE FROM audit_log WHERE seq = 3",
                "3 | UPDATE audit_log SET seq = -seq WHERE seq IN (3, 4); UPDATE audit_log SET seq = 7 + seq WHERE seq < 0",
                "5 | DELETE FROM audit_log WHERE seq = 5",
                "1 | DELETE FROM audit_log",
                "1 | INSERT INTO audit_log (tenant_id, seq, at, actor, action, object, detail, prev_hash, hash) SELECT tenant_id, 0, at, actor, action, object, detail, prev_hash, hash FROM audit_log WHERE seq = 1",
            })
    void whatASuperuserDoesIsFound(long first, String sql) throws SQLException {
        append(5);
        asSuperuser(sql);
        assertThat(verify(null).firstBad()).isEqualTo(first);
        assertThat(verify(null).reason()).isNotEmpty();
    }

    @Test
    void anEntryPutInAtTheEndIsFound() throws SQLException {
        append(3);
        append(1); // hashed as it should be
        asSuperuser("UPDATE audit_heads SET seq = 3, hash = (SELECT hash FROM audit_log WHERE seq = 3)");
        assertThat(verify(null)).isEqualTo(new Verification(3, 4, "it was put in behind the log's end, entry 3", 0));
    }

    @Test
    void aLogThatWasWrittenAnewIsFoundByItsCheckpoints() throws SQLException {
        append(4);
        var kept = seal();
        assertThat(verify(kept)).isEqualTo(new Verification(4, 0, "", 4));
        append(2);
        assertThat(verify(kept)).isEqualTo(new Verification(6, 0, "", 4));
        asSuperuser("DELETE FROM audit_log; DELETE FROM audit_heads; DELETE FROM audit_checkpoints");
        append(3);
        assertThat(verify(null).ok()).as("nothing in the database knows better").isTrue();
        assertThat(verify(kept).firstBad()).isEqualTo(4);
        append(2);
        assertThat(verify(kept).ok()).as("the same was written again").isTrue();
        asSuperuser("DELETE FROM audit_log; DELETE FROM audit_heads");
        database.inTenant(TENANT, c -> AuditLog.append(c, TENANT, new Entry(AT, "user:2", "a.b", "c:d", "{}")));
        append(5);
        assertThat(verify(kept).firstBad()).isEqualTo(4);
    }

    @Test
    void checkpointsAreSignedByThisInstallation() throws SQLException {
        append(2);
        var note = seal();
        assertThat(seal()).as("nothing new").isEqualTo(note);
        assertThat(note).startsWith("marsad-audit/acme\n2\n").contains("\n\n\u2014 marsad-audit ");
        for (String changed : new String[] {
            note.replace("/acme", "/other"), note.replace("\n2\n", "\n1\n"), note.substring(1), "", note + "\n"
        }) {
            assertThat(verify(changed).ok()).as(changed).isFalse();
        }
        var other = new AuditSeal(keys());
        assertThat(database.inTenant(TENANT, c -> AuditCheck.verify(c, TENANT, other, null))
                        .reason())
                .contains("not this installation's");
        asSuperuser("UPDATE audit_checkpoints SET note = replace(note, '2026', '2025')");
        assertThat(verify(null).firstBad()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE audit_log SET actor = 'x'",
                "DELETE FROM audit_log",
                "TRUNCATE audit_log CASCADE",
                "DELETE FROM audit_checkpoints"
            })
    void nobodyChangesIt(String sql) throws SQLException {
        append(1);
        seal();
        assertThatThrownBy(
                        () -> database.inTenant(TENANT, c -> c.createStatement().executeUpdate(sql)))
                .hasMessageContaining("permission denied");
        try (var superuser = superuser()) {
            assertThatThrownBy(() -> superuser.createStatement().execute(sql)).hasMessageContaining("append-only");
        }
        assertThat(verify(null)).isEqualTo(new Verification(1, 0, "", 1));
    }

    @Test
    void pagesAreFoundByWhoWhatAndWhen() {
        append(5);
        var caller = new Caller(TENANT, "user:2", java.util.Set.of());
        CallerScope.callAs(caller, new Origin("request-1", "192.0.2.7"), () -> {
            database.inTenant(
                    TENANT,
                    c -> AuditLog.append(
                            c, TENANT, new Entry(AT.plusSeconds(9), "user:2", "rule.edit", "rule:1", "{}")));
            return caller;
        });
        var all = new AuditQuery(null, null, null, null, null);
        assertThat(found(all, 5)).extracting(AuditQuery.Found::seq).containsExactly(4L, 3L);
        assertThat(found(new AuditQuery("user:2", null, null, null, null), 99))
                .singleElement()
                .satisfies(
                        one -> assertThat(one.address() + " " + one.requestId()).isEqualTo("192.0.2.7 request-1"));
        assertThat(found(new AuditQuery(null, "rule.", null, null, null), 99)).hasSize(1);
        assertThat(found(new AuditQuery(null, "rule", null, null, null), 99)).isEmpty();
        assertThat(found(new AuditQuery(null, null, "alert:", null, null), 99)).hasSize(2);
        assertThat(found(new AuditQuery(null, null, null, AT.plusSeconds(1), AT.plusSeconds(10)), 99))
                .hasSize(1);
        assertThat(found(new AuditQuery(null, null, null, null, AT.minusMillis(1)), 99))
                .isEmpty();
        var following = database.inTenant(TENANT, c -> all.following(c, TENANT, 4, 9));
        assertThat(following).extracting(AuditQuery.Found::seq).containsExactly(5L, 6L);
    }

    private java.util.List<AuditQuery.Found> found(AuditQuery query, long before) {
        return database.inTenant(TENANT, c -> query.newest(c, TENANT, before, 2));
    }

    private static void asSuperuser(String sql) throws SQLException {
        try (var superuser = superuser()) {
            superuser.createStatement().execute("SET session_replication_role = replica; " + sql);
        }
    }

    private static Connection superuser() throws SQLException {
        return TestPostgres.superuser(access.url().substring(access.url().lastIndexOf('/') + 1));
    }

    private long append(int entries) {
        return CallerScope.callFrom(
                new Origin("request", "192.0.2.1"),
                () -> database.<Long>inTenant(TENANT, c -> {
                    long last = 0;
                    for (int i = 0; i < entries; i++) {
                        last = AuditLog.append(
                                c, TENANT, new Entry(AT, "user:1", "alert.transition", "alert:2", "{\"n\": 1}"));
                    }
                    return last;
                }));
    }

    private String seal() {
        return database.inTenant(TENANT, c -> {
            AuditCheckpoints.make(c, TENANT, seal, AT);
            return java.util.Objects.requireNonNull(AuditCheckpoints.newest(c, TENANT));
        });
    }

    private Verification verify(@Nullable String kept) {
        return database.inTenant(TENANT, c -> AuditCheck.verify(c, TENANT, seal, kept));
    }

    static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
