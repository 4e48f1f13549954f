package io.marsad.db.embedded;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;

/** A JVM of its own that starts the server, commits numbers one by one and says so, until it is killed. */
public final class ChildMarsad {
    private ChildMarsad() {}

    public static void main(String[] args) throws Exception {
        var server = EmbeddedPostgres.start(
                new EmbeddedPostgres.Settings(Path.of(args[0]), Path.of(args[1]), 0), new SecureRandom());
        var owner = server.access().owner();
        try (var connection = DriverManager.getConnection(server.access().url(), owner.user(), owner.password());
                var statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS test");
            statement.execute("CREATE TABLE IF NOT EXISTS test.numbers (n bigint PRIMARY KEY)");
            try (var rows = statement.executeQuery("SELECT count(*), coalesce(max(n), 0) FROM test.numbers")) {
                rows.next();
                System.out.println("ready " + server.pid() + " " + rows.getLong(1) + " " + rows.getLong(2));
            }
            if (args[2].equals("stop")) {
                server.close();
                return;
            }
            for (long n = Long.parseLong(args[2]); ; n++) {
                statement.execute("INSERT INTO test.numbers VALUES (" + n + ")");
                System.out.println("committed " + n);
            }
        }
    }
}
