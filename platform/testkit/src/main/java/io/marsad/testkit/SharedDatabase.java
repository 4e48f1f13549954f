package io.marsad.testkit;

import io.marsad.db.Database;
import io.marsad.db.embedded.EmbeddedPostgres;
import io.marsad.db.vault.FileSecretStore;
import io.marsad.db.vault.Vault;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL with the platform's schema, started once for all tests of a JVM and gone with it. Tests keep out of
 * each other's way by having tenants of their own.
 */
public final class SharedDatabase {
    private static final AtomicInteger TENANTS = new AtomicInteger();
    private static final Path FOLDER = folder();
    private static final EmbeddedPostgres SERVER = start();
    private static final Database DATABASE = Database.open(SERVER.access());

    private SharedDatabase() {}

    public static Database database() {
        return DATABASE;
    }

    /** A vault in it, with keys of its own; the first that asks makes it. */
    public static Vault vault() {
        return VaultHolder.VAULT;
    }

    private static final class VaultHolder {
        static final Vault VAULT = open();

        private static Vault open() {
            var keys = new FileSecretStore(FOLDER.resolve("keys"));
            try {
                return Vault.open(DATABASE, keys, InstantSource.system(), new SecureRandom());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The server under it. */
    public static EmbeddedPostgres server() {
        return SERVER;
    }

    /** A tenant that nobody else uses. */
    public static TenantId newTenant() {
        var tenant = new TenantId("tenant-" + TENANTS.incrementAndGet());
        DATABASE.inInstallation(connection -> {
            try (var insert = connection.prepareStatement("INSERT INTO tenants VALUES (?, ?, ?)")) {
                insert.setString(1, tenant.value());
                insert.setString(2, "Tenant of a test");
                insert.setTimestamp(3, Timestamp.from(Instant.EPOCH));
                return insert.executeUpdate();
            }
        });
        return tenant;
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory(Path.of(System.getProperty("java.io.tmpdir")), "postgres-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EmbeddedPostgres start() {
        try {
            var binaries = Path.of(System.getProperty("marsad.root", "."), "target", "postgres");
            var server = EmbeddedPostgres.start(
                    new EmbeddedPostgres.Settings(FOLDER.resolve("data"), binaries, 0), new SecureRandom());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, FOLDER)));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void stop(EmbeddedPostgres server, Path folder) {
        try {
            server.close();
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                        throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
