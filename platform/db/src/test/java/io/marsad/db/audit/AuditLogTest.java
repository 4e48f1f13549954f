package io.marsad.db.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.db.Database;
import io.marsad.db.PostgresAccess;
import io.marsad.db.TestPostgres;
import io.marsad.db.audit.AuditLog.Entry;
import io.marsad.db.audit.AuditLog.Verification;
import io.marsad.kernel.tenant.TenantId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLogTest {
    private static final TenantId TENANT = new TenantId("acme");
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456789Z");

    private PostgresAccess access;
    private Database database;

    @BeforeEach
    void open() throws SQLException {
        access = TestPostgres.freshAccess();
        database = Database.open(access);
        database.inInstallation(
                c -> c.createStatement().executeUpdate("INSERT INTO tenants VALUES ('acme', 'Acme', now())"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void writersAtOnceMakeOneChain() {
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 40; i++) {
                threads.submit(() -> append(1));
            }
        }
        assertThat(verify()).isEqualTo(new Verification(40, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE audit_log SET actor = 'user:other' WHERE seq = 3",
                "UPDATE audit_log SET detail = '{\"n\": 2}' WHERE seq = 3",
                "UPDATE audit_log SET at = at + interval '1 microsecond' WHERE seq = 3",
                "UPDATE audit_log SET hash = decode(repeat('00', 32), 'hex') WHERE seq = 3",
                "UPDATE audit_log SET prev_hash = decode(repeat('00', 32), 'hex') WHERE seq = 3",
                "DELETE FROM audit_log WHERE seq = 3",
                "UPDATE audit_log SET seq = -seq WHERE seq IN (3, 4); UPDATE audit_log SET seq = 7 + seq WHERE seq < 0",
            })
    void whatASuperuserDoesIsFound(String sql) throws SQLException {
        append(5);
        try (var superuser = superuser()) {
            superuser.createStatement().execute("SET session_replication_role = replica; " + sql);
        }
        assertThat(verify().firstBad()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPDATE audit_log SET actor = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log"})
    void nobodyChangesIt(String sql) throws SQLException {
        append(1);
        assertThatThrownBy(
                        () -> database.inTenant(TENANT, c -> c.createStatement().executeUpdate(sql)))
                .hasMessageContaining("permission denied");
        try (var superuser = superuser()) {
            assertThatThrownBy(() -> superuser.createStatement().execute(sql)).hasMessageContaining("append-only");
        }
        assertThat(verify()).isEqualTo(new Verification(1, 0));
    }

    private java.sql.Connection superuser() throws SQLException {
        return TestPostgres.superuser(access.url().substring(access.url().lastIndexOf('/') + 1));
    }

    private long append(int entries) {
        return database.<Long>inTenant(TENANT, c -> {
            long last = 0;
            for (int i = 0; i < entries; i++) {
                last = AuditLog.append(c, TENANT, new Entry(AT, "user:1", "alert.transition", "alert:2", "{\"n\": 1}"));
            }
            return last;
        });
    }

    private Verification verify() {
        return database.inTenant(TENANT, c -> AuditLog.verify(c, TENANT));
    }
}
