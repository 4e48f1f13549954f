package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.Database;
import io.marsad.db.PostgresAccess;
import io.marsad.db.embedded.EmbeddedPostgres;
import io.marsad.db.vault.FileSecretStore;
import io.marsad.db.vault.SecretName;
import io.marsad.db.vault.SecretValue;
import io.marsad.db.vault.Vault;
import io.marsad.kernel.tenant.TenantId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.postgresql.PGConnection;

/** A running platform's database beside it: secrets into its vault, and a look at all of its tables. */
final class CanaryDatabase {
    private final Path data;

    CanaryDatabase(Path data) {
        this.data = data;
    }

    /** As a service keeps one, by another process on the same database. */
    void keep(int count, UnaryOperator<String> canary) throws Exception {
        var password = canary.apply("database password of a role");
        PostgresAccess access;
        try (var admin = administer();
                var statement = admin.createStatement()) {
            statement.execute("CREATE ROLE canary_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT");
            admin.unwrap(PGConnection.class).alterUserPassword("canary_app", password.toCharArray(), "scram-sha-256");
            statement.execute("ALTER ROLE canary_app LOGIN");
            statement.execute("GRANT CONNECT ON DATABASE marsad TO canary_app");
            statement.execute("GRANT USAGE ON SCHEMA marsad TO canary_app");
            statement.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA marsad TO canary_app");
            access = new PostgresAccess(
                    admin.getMetaData().getURL().replaceAll("\\?.*", ""),
                    new PostgresAccess.Login(
                            admin.getMetaData().getUserName(),
                            Files.readString(data.resolve("postgres/superuser.secret"))
                                    .strip()),
                    new PostgresAccess.Login("canary_app", password));
        }
        var tenant = new TenantId("main");
        try (var database = Database.open(access)) {
            var vault = Vault.open(
                    database, new FileSecretStore(data.resolve("keys")), InstantSource.system(), new SecureRandom());
            for (int i = 0; i < count; i++) {
                var name = new SecretName("test.secret", "number " + i);
                database.<Boolean>inTenant(tenant, connection -> {
                    try (var value = SecretValue.of(canary.apply("vault"))) {
                        vault.put(connection, tenant, name, value);
                    }
                    return true;
                });
            }
        }
    }

    private Connection administer() throws IOException, SQLException {
        return Objects.requireNonNull(EmbeddedPostgres.administer(data.resolve("postgres")));
    }

    /**
     * Looks at every table that the catalogue has, and that the hash of the token is where it has to be.
     */
    void look(CanarySearch search, String token) throws Exception {
        var hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        var hashed = new CanarySearch();
        hashed.add("hash of a token", HexFormat.of().formatHex(hash));
        int tables = 0;
        try (var admin = administer();
                var statement = admin.createStatement()) {
            var names = new ArrayList<String>(List.of("pg_stat_activity", "pg_authid", "pg_settings"));
            try (var rows =
                    statement.executeQuery("SELECT oid::regclass FROM pg_class WHERE relkind IN ('r', 'p', 'm', 'f')"
                            + " AND relnamespace <> 'pg_catalog'::regnamespace"
                            + " AND relnamespace <> 'information_schema'::regnamespace")) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            for (var name : names) {
                var rows = new ByteArrayOutputStream();
                admin.unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyOut("COPY (SELECT * FROM " + name + ") TO STDOUT", rows);
                search.look("table " + name, rows.toByteArray());
                hashed.look("table " + name, rows.toByteArray());
                tables++;
            }
        }
        assertThat(tables).isGreaterThan(25);
        assertThat(hashed.findings())
                .as("what is kept of a token")
                .containsExactly("hash of a token in table marsad.api_tokens");
    }
}
