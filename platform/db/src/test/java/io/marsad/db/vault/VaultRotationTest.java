package io.marsad.db.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.marsad.db.Database;
import io.marsad.db.PostgresAccess;
import io.marsad.db.TestPostgres;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultRotationTest {
    private static final TenantId A = new TenantId("acme");
    private static final TenantId B = new TenantId("bravo");
    private static final InstantSource CLOCK = InstantSource.system();
    private static final AuditLog.Entry ASKED =
            new AuditLog.Entry(CLOCK.instant(), "user:ada", "vault.rotate", "vault:keys", "{}");
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private Path folder;

    private PostgresAccess access;
    private Database database;
    private Vault vault;
    private VaultCheck check;

    @BeforeEach
    void start() throws SQLException, IOException {
        access = TestPostgres.freshAccess();
        database = Database.open(access);
        database.inInstallation(c -> c.createStatement()
                .executeUpdate("INSERT INTO tenants VALUES ('acme', 'Acme', now()), ('bravo', 'Bravo', now())"));
        vault = Vault.open(database, new FileSecretStore(folder), CLOCK, RANDOM);
        check = new VaultCheck(vault);
    }

    @AfterEach
    void stop() {
        database.close();
    }

    private void put(Vault vault, TenantId tenant, String name, String secret) {
        database.<Boolean>inTenant(tenant, c -> {
            try (var value = SecretValue.of(secret)) {
                vault.put(c, tenant, new SecretName("kind", name), value);
            }
            return true;
        });
    }

    private @Nullable String read(Vault vault, TenantId tenant, String name) {
        return database.<@Nullable String>inTenant(tenant, c -> {
            try (var value = vault.read(c, tenant, new SecretName("kind", name))) {
                return value == null ? null : value.text();
            }
        });
    }

    private static void ended(VaultRotation rotation) {
        await().atMost(Duration.ofSeconds(60)).until(() -> !rotation.progress().running());
        assertThat(rotation.progress().fault()).isEmpty();
    }

    @Test
    void everySecretGetsANewDataKeyAndTheOldOneGoes() throws IOException {
        for (int i = 0; i < 250; i++) {
            put(vault, i % 5 == 0 ? B : A, "n" + i, "secret " + i);
        }
        try (var rotation = VaultRotation.start(vault, CLOCK)) {
            ended(rotation);
            rotation.begin(VaultRotation.Keys.DATA, A, ASKED);
            ended(rotation);
            assertThat(rotation.progress()).isEqualTo(new VaultRotation.Progress(false, 250, 250, 0, ""));
        }
        assertThat(VaultUse.of(database))
                .extracting(VaultUse.DataKeyUse::id, VaultUse.DataKeyUse::inUse, VaultUse.DataKeyUse::secrets)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(2, true, 200L),
                        org.assertj.core.groups.Tuple.tuple(2, true, 50L));
        for (int i = 0; i < 250; i++) {
            assertThat(read(vault, i % 5 == 0 ? B : A, "n" + i)).isEqualTo("secret " + i);
        }
    }

    @Test
    void aNewMasterKeyTakesTheOldOnesPlaceInTheStore() throws IOException {
        put(vault, A, "one", "1");
        put(vault, B, "two", "2");
        var before = Files.readString(folder.resolve("vault.key"));
        var first = check.status();
        try (var rotation = VaultRotation.start(vault, CLOCK)) {
            ended(rotation);
            rotation.begin(VaultRotation.Keys.MASTER, A, ASKED);
            ended(rotation);
            assertThat(rotation.progress().done()).isEqualTo(2);
        }
        var after = check.status();
        assertThat(after.master()).isNotEqualTo(first.master());
        assertThat(after.leaving()).isEmpty();
        assertThat(after.oldDataKeys()).isZero();
        assertThat(Files.readAllLines(folder.resolve("vault.key")))
                .hasSize(1)
                .isNotEqualTo(before.lines().toList());
        assertThat(read(vault, A, "one")).isEqualTo("1");
        var fresh = Vault.open(database, new FileSecretStore(folder), CLOCK, RANDOM);
        assertThat(read(fresh, B, "two")).isEqualTo("2");
        // the old key opens nothing any more
        Files.writeString(folder.resolve("vault.key"), before);
        assertThatThrownBy(() -> Vault.open(database, new FileSecretStore(folder), CLOCK, RANDOM))
                .isInstanceOf(VaultException.class);
    }

    @Test
    void secretsAreReadAndWrittenMeanwhile() throws Exception {
        long seed = System.nanoTime();
        for (int i = 0; i < 400; i++) {
            put(vault, A, "n" + i, "0");
        }
        var stop = new AtomicBoolean();
        try (var threads = Executors.newFixedThreadPool(3);
                var rotation = VaultRotation.start(vault, CLOCK)) {
            List<Future<Integer>> writers = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                int mine = t;
                writers.add(threads.submit((Callable<Integer>) () -> writing(new Random(seed + mine), mine, stop)));
            }
            try {
                for (int round = 0; round < 4; round++) {
                    rotation.begin(round % 2 == 0 ? VaultRotation.Keys.DATA : VaultRotation.Keys.MASTER, A, ASKED);
                    ended(rotation);
                }
            } finally {
                stop.set(true);
            }
            for (var writer : writers) {
                assertThat(done(writer, seed)).isPositive();
            }
        }
        assertThat(check.verify().ok()).isTrue();
        assertThat(check.status().oldSecrets()).isZero();
        assertThat(check.status().dataKeys()).isOne();
    }

    private static int done(Future<Integer> writer, long seed) throws InterruptedException {
        try {
            return writer.get();
        } catch (ExecutionException e) {
            throw new AssertionError("seed " + seed, e.getCause());
        }
    }

    /** Writes and reads names of its own; what was written last is what is read. */
    private int writing(Random random, int mine, AtomicBoolean stop) {
        Map<String, String> written = new HashMap<>();
        int count = 0;
        while (!stop.get()) {
            var name = "n" + (random.nextInt(130) * 3 + mine);
            if (random.nextInt(3) == 0) {
                var value = "v" + random.nextInt();
                put(vault, A, name, value);
                written.put(name, value);
            } else {
                assertThat(read(vault, A, name)).isEqualTo(written.getOrDefault(name, "0"));
            }
            count++;
        }
        return count;
    }

    /** Held up at one secret, which somebody else has locked, it is killed with kill -9; the next start does the rest. */
    @Test
    void itGoesOnWhereItWasKilled() throws Exception {
        for (int i = 0; i < 250; i++) {
            put(vault, A, "n" + i, "secret " + i);
        }
        database.<Boolean>inTenant(A, c -> {
            c.createStatement().executeQuery("SELECT FROM vault_secrets WHERE name = 'n99' FOR UPDATE");
            try {
                killWhen(50);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return true;
        });
        var half = check.status();
        assertThat(half.oldSecrets()).isEqualTo(50);
        assertThat(half.leaving()).hasSize(1);
        assertThat(Files.readAllLines(folder.resolve("vault.key"))).hasSize(2);

        var next = Vault.open(database, new FileSecretStore(folder), CLOCK, RANDOM);
        assertThat(read(next, A, "n99")).isEqualTo("secret 99");
        try (var rotation = VaultRotation.start(next, CLOCK)) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> new VaultCheck(next).status().leaving().isEmpty());
            ended(rotation);
        }
        var after = new VaultCheck(next).status();
        assertThat(after.oldSecrets() + after.oldDataKeys()).isZero();
        assertThat(after.dataKeys()).isOne();
        assertThat(new VaultCheck(next).verify()).isEqualTo(new VaultCheck.Verification(250, 0, List.of()));
        assertThat(Files.readAllLines(folder.resolve("vault.key"))).hasSize(1);
        assertThat(read(next, A, "n99")).isEqualTo("secret 99");
    }

    /** Another process rotates until so many secrets have their old key, and is killed. */
    private void killWhen(int oldSecrets) throws IOException, InterruptedException {
        var child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChildRotation.class.getName(),
                        access.url(),
                        access.owner().user(),
                        access.owner().password(),
                        access.app().user(),
                        access.app().password(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var said = child.inputReader()) {
            assertThat(said.readLine()).isEqualTo("begun");
            await().atMost(Duration.ofSeconds(60)).until(() -> check.status().oldSecrets() == oldSecrets);
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatIsStoppingBeginsNothing() {
        var stopped = VaultRotation.start(vault, CLOCK);
        stopped.close();
        for (var keys : VaultRotation.Keys.values()) {
            assertThatThrownBy(() -> stopped.begin(keys, A, ASKED)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aSecretThatDoesNotOpenIsToldAndKeepsItsKey() throws IOException {
        put(vault, A, "good", "1");
        put(vault, A, "spoilt", "2");
        database.<Integer>inTenant(
                A, c -> c.createStatement().executeUpdate("UPDATE vault_secrets SET name = 'x' WHERE name = 'spoilt'"));
        try (var rotation = VaultRotation.start(vault, CLOCK)) {
            ended(rotation);
            rotation.begin(VaultRotation.Keys.DATA, A, ASKED);
            ended(rotation);
            assertThat(rotation.progress().done()).isOne();
            assertThat(rotation.progress().failed()).isOne();
        }
        assertThat(check.status().oldSecrets()).isOne();
        assertThat(read(vault, A, "good")).isEqualTo("1");
    }

    @Test
    void aStoreThatCannotBeWrittenGetsItsNewKeyFromOutside() throws IOException {
        var old = Files.readString(folder.resolve("vault.key")).strip();
        Map<String, String> environment = new HashMap<>(Map.of("VAULT", old));
        var store = new EnvironmentSecretStore("", environment::get);
        var fixed = Vault.open(database, store, CLOCK, RANDOM);
        put(fixed, A, "one", "1");
        try (var rotation = VaultRotation.start(fixed, CLOCK)) {
            ended(rotation);
            assertThatThrownBy(() -> rotation.begin(VaultRotation.Keys.MASTER, A, ASKED))
                    .isInstanceOf(VaultException.class)
                    .hasMessageContaining("no new key");
            environment.put("VAULT", "q".repeat(43) + "=," + old);
            rotation.begin(VaultRotation.Keys.MASTER, A, ASKED);
            ended(rotation);
        }
        environment.put("VAULT", "q".repeat(43) + "=");
        assertThat(read(Vault.open(database, store, CLOCK, RANDOM), A, "one")).isEqualTo("1");
    }
}
