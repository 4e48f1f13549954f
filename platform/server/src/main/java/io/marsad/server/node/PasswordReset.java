package io.marsad.server.node;

import io.marsad.server.config.Config;
import io.marsad.soc.identity.Accounts;
import io.marsad.soc.identity.Installation;
import io.marsad.soc.identity.SecondFactors;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A new password for an account of a platform that does not run. */
public final class PasswordReset {
    private PasswordReset() {}

    /** The new password, or null when there is no such account. */
    public static @Nullable String run(Config config, Path postgres, String username) throws IOException {
        try (var parts = new Parts()) {
            parts.add(DataLock.take(config.data()));
            var random = new SecureRandom();
            var clock = InstantSource.system();
            var database = parts.add(Storage.database(config, postgres, random, parts));
            var vault = Secrets.open(config, database, clock, random);
            var accounts = new Accounts(database, new SecondFactors(database, vault, clock, random), clock, random);
            return new Installation(database, accounts, clock).resetPassword(config.tenant(), username);
        }
    }
}
