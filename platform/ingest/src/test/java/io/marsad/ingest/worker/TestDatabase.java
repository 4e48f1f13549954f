package io.marsad.ingest.worker;

import io.marsad.db.Database;
import io.marsad.db.PostgresAccess;
import io.marsad.db.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A real PostgreSQL of this test class's own. */
final class TestDatabase implements AutoCloseable {
    private final EmbeddedPostgres server;
    private final Database database;

    TestDatabase() throws IOException, SQLException {
        var folder = Files.createTempDirectory(Path.of(System.getProperty("java.io.tmpdir")), "pg-")
                .toRealPath();
        var binaries = Path.of(System.getProperty("marsad.root", "."), "target", "postgres");
        server = EmbeddedPostgres.start(
                new EmbeddedPostgres.Settings(folder.resolve("postgres"), binaries, 0), new SecureRandom());
        database = Database.open(server.access());
        asOwner("CREATE TABLE marsad.raised (tenant text, alert text, times int, PRIMARY KEY (tenant, alert))");
    }

    Database database() {
        return database;
    }

    PostgresAccess access() {
        return server.access();
    }

    void asOwner(String sql) throws SQLException {
        var owner = server.access().owner();
        try (var connection = DriverManager.getConnection(server.access().url(), owner.user(), owner.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** As new. */
    void empty() throws SQLException {
        asOwner("TRUNCATE marsad.raised, marsad.source_counters, marsad.dead_letters, marsad.worker_positions,"
                + " marsad.worker_snapshots");
    }

    @Override
    public void close() throws IOException {
        database.close();
        server.close();
    }
}
