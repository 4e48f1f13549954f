package io.marsad.soc.identity.sso;

import io.marsad.connect.OutboundGuard;
import io.marsad.db.Database;
import java.time.InstantSource;

/** What signing in and testing share: the way to providers and what is known of them. Thread-safe. */
final class Outside {
    private final Database database;
    private final InstantSource clock;
    private final ProviderHttp http;
    private final KnownProviders known;

    Outside(Database database, OutboundGuard guard, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        this.http = new ProviderHttp(guard);
        this.known = new KnownProviders(http);
    }

    Database database() {
        return database;
    }

    InstantSource clock() {
        return clock;
    }

    ProviderHttp http() {
        return http;
    }

    KnownProviders known() {
        return known;
    }
}
