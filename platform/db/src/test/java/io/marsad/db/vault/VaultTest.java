package io.marsad.db.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.db.Database;
import io.marsad.db.PostgresAccess;
import io.marsad.db.TestPostgres;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultTest {
    private static final TenantId A = new TenantId("acme");
    private static final TenantId B = new TenantId("bravo");
    private static final SecretName NAME = new SecretName("oidc.client_secret", "corp");
    private static final InstantSource CLOCK = InstantSource.system();
    private static final SecureRandom RANDOM = new SecureRandom();

    private static PostgresAccess access;
    private static Database database;

    @TempDir
    private Path folder;

    private Vault vault;

    @BeforeAll
    static void start() throws SQLException {
        access = TestPostgres.freshAccess();
        database = Database.open(access);
        database.inInstallation(c -> c.createStatement()
                .executeUpdate("INSERT INTO tenants VALUES ('acme', 'Acme', now()), ('bravo', 'Bravo', now())"));
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @BeforeEach
    void empty() throws SQLException, IOException {
        asSuperuser("TRUNCATE vault_secrets, vault_data_keys, vault_master_keys, vault_rotation");
        vault = open();
    }

    private Vault open() throws IOException {
        return Vault.open(database, new FileSecretStore(folder.resolve("keys")), CLOCK, RANDOM);
    }

    private static void asSuperuser(String sql) throws SQLException {
        var name = access.url().substring(access.url().lastIndexOf('/') + 1);
        try (var connection = TestPostgres.superuser(name);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void put(TenantId tenant, SecretName name, String secret) {
        database.<Boolean>inTenant(tenant, c -> {
            try (var value = SecretValue.of(secret)) {
                vault.put(c, tenant, name, value);
            }
            return true;
        });
    }

    private @Nullable String read(TenantId tenant, SecretName name) {
        return read(vault, tenant, name);
    }

    private static @Nullable String read(Vault vault, TenantId tenant, SecretName name) {
        return database.<@Nullable String>inTenant(tenant, c -> {
            try (var value = vault.read(c, tenant, name)) {
                return value == null ? null : value.text();
            }
        });
    }

    @Test
    void whatIsPutIsRead() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        Map<SecretName, byte[]> all = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            var name = new SecretName("kind" + random.nextInt(5), "n\u00e4me" + random.nextInt(100));
            var bytes = new byte[i == 0 ? SecretValue.MOST_BYTES : 1 + random.nextInt(2_000)];
            random.nextBytes(bytes);
            var tenant = random.nextBoolean() ? A : B;
            database.<Boolean>inTenant(tenant, c -> {
                try (var value = SecretValue.of(bytes)) {
                    vault.put(c, tenant, name, value);
                }
                return true;
            });
            all.put(new SecretName(tenant.value() + "|" + name.kind(), name.name()), bytes);
        }
        all.forEach((of, bytes) -> {
            var tenant = new TenantId(of.kind().substring(0, of.kind().indexOf('|')));
            var name = new SecretName(of.kind().substring(of.kind().indexOf('|') + 1), of.name());
            byte[] found = database.<byte[]>inTenant(tenant, c -> {
                try (var value = Objects.requireNonNull(vault.read(c, tenant, name))) {
                    return value.bytes();
                }
            });
            assertThat(found).as("seed %d, %s", seed, of).isEqualTo(bytes);
        });
        assertThat(new VaultCheck(vault).verify())
                .isEqualTo(new VaultCheck.Verification(all.size(), 0, java.util.List.of()));
    }

    @Test
    void theSameSecretIsEncryptedAnewEachTime() {
        put(A, NAME, "s3cret");
        var first = sealed(A, NAME);
        put(A, NAME, "s3cret");
        assertThat(sealed(A, NAME)).isNotEqualTo(first);
        assertThat(new String(first, StandardCharsets.ISO_8859_1)).doesNotContain("s3cret");
    }

    @Test
    void aSecretIsForgottenAndListedWithoutItsValue() {
        put(A, NAME, "x");
        assertThat(database.<Integer>inTenant(
                        A, c -> vault.list(c, A, NAME.kind()).size()))
                .isOne();
        assertThat(database.<Integer>inTenant(A, c -> vault.list(c, A, "other").size()))
                .isZero();
        assertThat(database.<Boolean>inTenant(A, c -> vault.remove(c, A, NAME))).isTrue();
        assertThat(database.<Boolean>inTenant(A, c -> vault.remove(c, A, NAME))).isFalse();
        assertThat(read(A, NAME)).isNull();
    }

    @Test
    void anyBitThatIsFlippedIsRefused() throws SQLException {
        put(A, NAME, "a secret");
        for (var column : new String[] {"vault_secrets.sealed", "vault_data_keys.wrapped"}) {
            var table = column.substring(0, column.indexOf('.'));
            var field = column.substring(column.indexOf('.') + 1);
            var good = bytes("SELECT " + field + " FROM " + table);
            for (int bit = 0; bit < good.length * 8; bit++) {
                var bad = good.clone();
                bad[bit / 8] ^= (byte) (1 << bit % 8);
                set(table, field, bad);
                assertThatThrownBy(() -> read(A, NAME))
                        .as("%s, bit %d", column, bit)
                        .isInstanceOf(VaultException.class)
                        .hasMessageContaining("was changed or moved");
            }
            for (int length = 0; length < good.length; length++) {
                set(table, field, Arrays.copyOf(good, length));
                assertThatThrownBy(() -> read(A, NAME)).isInstanceOf(VaultException.class);
            }
            set(table, field, good);
            assertThat(read(A, NAME)).isEqualTo("a secret");
        }
    }

    @Test
    void aRowThatWasMovedIsRefused() throws SQLException {
        put(A, NAME, "of acme");
        put(B, NAME, "of bravo");
        for (var move : new String[] {
            "UPDATE vault_secrets SET name = 'other' WHERE tenant_id = 'acme'",
            "UPDATE vault_secrets SET kind = 'oidc.client_secret2' WHERE tenant_id = 'acme'",
            // what is behind the border of two parts cannot come before it
            "UPDATE vault_secrets SET kind = 'oidc.client_secretc', name = 'orp' WHERE tenant_id = 'acme'",
        }) {
            var before = sealed(A, NAME);
            asSuperuser(move);
            var moved = database.<SecretName>inTenant(A, c -> {
                try (var rows = c.createStatement().executeQuery("SELECT kind, name FROM vault_secrets")) {
                    rows.next();
                    return new SecretName(rows.getString(1), rows.getString(2));
                }
            });
            assertThatThrownBy(() -> read(A, moved)).as(move).isInstanceOf(VaultException.class);
            asSuperuser("UPDATE vault_secrets SET kind = 'oidc.client_secret', name = 'corp' WHERE tenant_id = 'acme'");
            assertThat(sealed(A, NAME)).isEqualTo(before);
            assertThat(read(A, NAME)).isEqualTo("of acme");
        }
        // A tenant's secret, even with its key, opens for no other tenant.
        asSuperuser("UPDATE vault_secrets b SET sealed = a.sealed FROM vault_secrets a"
                + " WHERE a.tenant_id = 'acme' AND b.tenant_id = 'bravo'");
        assertThatThrownBy(() -> read(B, NAME)).isInstanceOf(VaultException.class);
        asSuperuser("UPDATE vault_data_keys b SET wrapped = a.wrapped FROM vault_data_keys a"
                + " WHERE a.tenant_id = 'acme' AND b.tenant_id = 'bravo'");
        assertThatThrownBy(() -> read(B, NAME)).isInstanceOf(VaultException.class);
        assertThat(new VaultCheck(vault).verify().bad())
                .extracting(VaultCheck.Bad::tenant)
                .containsExactly(B);
    }

    @Test
    void aSecretNeverPrintsItselfAndIsWiped() {
        var value = SecretValue.of("s3cret".toCharArray());
        assertThat(value.toString()).doesNotContain("s3cret");
        assertThat(value.text()).isEqualTo("s3cret");
        value.close();
        assertThatThrownBy(value::bytes).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> SecretValue.of("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anotherProcessReadsWithTheSameKeysAndNoneWithoutThem() throws IOException {
        put(A, NAME, "kept");
        assertThat(read(open(), A, NAME)).isEqualTo("kept");
        var file = folder.resolve("keys/vault.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(this::open).isInstanceOf(VaultException.class).hasMessageContaining("chmod 600");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        var key = Files.readString(file);
        Files.writeString(file, "not a key\n");
        assertThatThrownBy(this::open)
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("32 bytes in base64")
                .hasMessageNotContaining("not a key");
        Files.delete(file);
        assertThatThrownBy(this::open).isInstanceOf(VaultException.class).hasMessageContaining("from a backup");
        assertThat(file).doesNotExist(); // none is made in its place
        Files.writeString(file, key);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(read(open(), A, NAME)).isEqualTo("kept");
    }

    @Test
    void keysComeFromTheEnvironment() throws SQLException, IOException {
        asSuperuser("TRUNCATE vault_secrets, vault_data_keys, vault_master_keys, vault_rotation");
        Map<String, String> environment = new HashMap<>();
        var store = new EnvironmentSecretStore("MARSAD_SECRET_", environment::get);
        assertThatThrownBy(() -> Vault.open(database, store, CLOCK, RANDOM))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("MARSAD_SECRET_VAULT");
        environment.put("MARSAD_SECRET_VAULT", "q".repeat(43) + "=");
        vault = Vault.open(database, store, CLOCK, RANDOM);
        put(A, NAME, "kept");
        assertThat(read(A, NAME)).isEqualTo("kept");
    }

    @Test
    void nobodyReadsInAnothersTransaction() {
        put(A, NAME, "of acme");
        assertThat(database.<@Nullable SecretValue>inTenant(B, c -> vault.read(c, A, NAME)))
                .isNull();
    }

    private byte[] sealed(TenantId tenant, SecretName name) {
        return database.<byte[]>inTenant(tenant, c -> {
            try (var select = c.prepareStatement("SELECT sealed FROM vault_secrets WHERE kind = ? AND name = ?")) {
                select.setString(1, name.kind());
                select.setString(2, name.name());
                try (var rows = select.executeQuery()) {
                    rows.next();
                    return rows.getBytes(1);
                }
            }
        });
    }

    private static byte[] bytes(String sql) {
        return database.<byte[]>inTenant(A, (Connection c) -> {
            try (var rows = c.createStatement().executeQuery(sql)) {
                rows.next();
                return rows.getBytes(1);
            }
        });
    }

    private static void set(String table, String field, byte[] bytes) {
        database.<Integer>inTenant(A, c -> {
            try (var update = c.prepareStatement("UPDATE " + table + " SET " + field + " = ?")) {
                update.setBytes(1, bytes);
                return update.executeUpdate();
            }
        });
    }
}
