package io.marsad.soc.identity.sso;

import io.marsad.connect.OutboundGuard;
import io.marsad.db.Database;
import io.marsad.db.vault.Vault;
import io.marsad.soc.identity.Sessions;
import java.security.SecureRandom;
import java.time.InstantSource;

/** Providers, signing in with them, and trying them out: what belongs together of it. */
public record SignOn(Providers providers, SingleSignOn signing, ProviderTest test) {
    /**
     * @param sessions that are begun
     * @param guard which providers may be asked at all
     */
    public static SignOn open(
            Database database,
            Vault vault,
            Sessions sessions,
            OutboundGuard guard,
            InstantSource clock,
            SecureRandom random) {
        var providers = new Providers(database, vault, clock, random);
        var outside = new Outside(database, guard, clock);
        return new SignOn(
                providers,
                new SingleSignOn(providers, sessions, outside, random),
                new ProviderTest(providers, outside, random));
    }
}
