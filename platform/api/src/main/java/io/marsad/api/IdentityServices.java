package io.marsad.api;

import io.marsad.connect.OutboundGuard;
import io.marsad.db.Database;
import io.marsad.db.vault.Vault;
import io.marsad.soc.identity.Accounts;
import io.marsad.soc.identity.Roles;
import io.marsad.soc.identity.SecondFactorPolicy;
import io.marsad.soc.identity.SecondFactors;
import io.marsad.soc.identity.Tokens;
import io.marsad.soc.identity.Users;
import io.marsad.soc.identity.passkey.Passkeys;
import io.marsad.soc.identity.sso.SignOn;
import java.security.SecureRandom;
import java.time.InstantSource;

/** Who may come in, by what, and what they may do. Thread-safe. */
public record IdentityServices(
        Accounts accounts,
        Users users,
        Roles roles,
        SecondFactorPolicy secondFactors,
        Passkeys passkeys,
        SignOn signOn,
        Tokens tokens) {
    /**
     * All of them on one database.
     *
     * @param guard which sign-in providers may be asked
     */
    public static IdentityServices of(
            Database database, Vault vault, OutboundGuard guard, InstantSource clock, SecureRandom random) {
        var accounts = new Accounts(database, new SecondFactors(database, vault, clock, random), clock, random);
        return new IdentityServices(
                accounts,
                new Users(database, accounts, clock, random),
                new Roles(database, clock, random),
                new SecondFactorPolicy(database, clock),
                new Passkeys(database, clock, random, accounts.sessions()),
                SignOn.open(database, vault, accounts.sessions(), guard, clock, random),
                new Tokens(database, clock, random));
    }
}
