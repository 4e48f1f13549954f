package io.marsad.server.node;

import io.marsad.db.Database;
import io.marsad.db.DatabaseException;
import io.marsad.db.InsecureDatabaseException;
import io.marsad.db.PostgresAccess;
import io.marsad.db.embedded.EmbeddedPostgres;
import io.marsad.server.config.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PostgreSQL as the configuration has it. */
final class Storage {
    private static final Logger LOG = LoggerFactory.getLogger(Storage.class);

    private Storage() {}

    /** A database that is being opened by a thread of its own, which alone adds to the parts until it has ended. */
    record Opening(FutureTask<Database> task) {
        /** Returns when it is open, or has failed. */
        void await() throws InterruptedException {
            try {
                task.get();
            } catch (ExecutionException e) {
                LOG.debug("told by who asks for the database", e);
            }
        }

        /** The database, once it is open. */
        Database database() throws IOException, InterruptedException {
            try {
                return task.get();
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case IOException cause -> throw cause;
                    case RuntimeException cause -> throw cause;
                    case Error cause -> throw cause;
                    case null, default -> throw new IllegalStateException(e);
                }
            }
        }
    }

    /** Begins to open the database; it, and an embedded server that had to be started, is added to the parts. */
    static Opening opening(Config config, Path postgres, SecureRandom random, Parts parts) {
        var task = new FutureTask<>(() -> parts.add(database(config, postgres, random, parts)));
        Thread.ofPlatform().name("database").start(task);
        return new Opening(task);
    }

    static Database database(Config config, Path postgres, SecureRandom random, Parts parts) throws IOException {
        try {
            return Database.open(access(config, postgres, random, parts));
        } catch (InsecureDatabaseException e) {
            throw new StartRefused("the database would not keep tenants apart: " + e.getMessage(), e);
        } catch (DatabaseException e) {
            throw new StartRefused("the database cannot be used: " + e.getMessage(), e);
        }
    }

    private static PostgresAccess access(Config config, Path postgres, SecureRandom random, Parts parts)
            throws IOException {
        var external = config.database();
        if (external != null) {
            return new PostgresAccess(
                    external.url(),
                    new PostgresAccess.Login(external.owner(), external.ownerPassword()),
                    new PostgresAccess.Login(external.user(), external.password()));
        }
        try {
            return parts.add(EmbeddedPostgres.start(
                            new EmbeddedPostgres.Settings(config.data().resolve("postgres"), postgres, 0), random))
                    .access();
        } catch (IOException e) {
            throw new StartRefused(
                    "the embedded PostgreSQL does not start: " + e.getMessage() + "; ./marsad doctor helps", e);
        }
    }
}
