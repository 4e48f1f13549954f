package io.marsad.fleet.control;

import io.marsad.db.Database;
import io.marsad.fleet.identity.Authorities;
import io.marsad.fleet.identity.Fingerprint;
import io.marsad.kernel.tenant.CallerScope;
import java.time.InstantSource;

/** By what hosts know the authority of the caller's tenant before they know anything else. Thread-safe. */
public final class OwnAuthority {
    private final Database database;
    private final Authorities authorities;
    private final InstantSource clock;

    public OwnAuthority(Database database, Authorities authorities, InstantSource clock) {
        this.database = database;
        this.authorities = authorities;
        this.clock = clock;
    }

    /** SHA-256 of its certificate in hexadecimal digits; it is made when there is none. */
    public String sha256() {
        return database.inCallerTenant(connection -> Fingerprint.of(authorities
                .current(connection, CallerScope.tenant(), clock.instant())
                .certificate()));
    }
}
