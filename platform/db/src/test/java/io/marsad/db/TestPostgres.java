package io.marsad.db;

import io.marsad.db.PostgresAccess.Login;
import io.marsad.db.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** One real server for all tests of this JVM; a database of its own for each who asks. */
public final class TestPostgres {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Path FOLDER = folder();
    private static final EmbeddedPostgres SERVER = start();

    private TestPostgres() {}

    public static Path binaries() {
        return Path.of(System.getProperty("marsad.root", "."), "target", "postgres");
    }

    /** An empty database, owned by the owner role. */
    public static PostgresAccess freshAccess() throws SQLException {
        var name = "test" + COUNT.incrementAndGet();
        try (var connection = superuser("postgres");
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " OWNER "
                    + SERVER.access().owner().user());
        }
        return new PostgresAccess(
                "jdbc:postgresql://127.0.0.1:" + SERVER.port() + "/" + name,
                SERVER.access().owner(),
                SERVER.access().app());
    }

    public static Connection superuser(String database) throws SQLException {
        try {
            var secret = Files.readString(FOLDER.resolve("postgres/superuser.secret"));
            return DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + SERVER.port() + "/" + database + "?currentSchema=marsad",
                    "marsad_super",
                    secret);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Connection as(PostgresAccess access, Login login) throws SQLException {
        return DriverManager.getConnection(access.url() + "?currentSchema=marsad", login.user(), login.password());
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory(Path.of(System.getProperty("java.io.tmpdir")), "pg-")
                    .toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EmbeddedPostgres start() {
        try {
            var server = EmbeddedPostgres.start(
                    new EmbeddedPostgres.Settings(FOLDER.resolve("postgres"), binaries(), 0), RANDOM);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    server.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
