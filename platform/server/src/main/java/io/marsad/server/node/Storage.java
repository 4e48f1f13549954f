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

/** PostgreSQL as the configuration has it. */
final class Storage {
    private Storage() {}

    /** Opens the database; an embedded server that had to be started is added to the parts. */
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
