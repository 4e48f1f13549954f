package io.marsad.api;

import io.marsad.api.fleet.FleetServices;
import io.marsad.connect.OutboundGuard;
import io.marsad.db.Database;
import io.marsad.db.vault.Vault;
import io.marsad.fleet.osquery.ShippedPacks;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.identity.Accounts;
import io.marsad.soc.identity.Roles;
import io.marsad.soc.identity.SecondFactorPolicy;
import io.marsad.soc.identity.SecondFactors;
import io.marsad.soc.identity.Tokens;
import io.marsad.soc.identity.Users;
import io.marsad.soc.identity.access.AccessTokens;
import io.marsad.soc.identity.access.SigningKeys;
import io.marsad.soc.identity.passkey.Passkeys;
import io.marsad.soc.identity.sso.SignOn;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Who may come in, by what, and what they may do. Thread-safe. */
public record IdentityServices(
        Accounts accounts,
        Users users,
        Roles roles,
        SecondFactorPolicy secondFactors,
        Passkeys passkeys,
        SignOn signOn,
        Tokens tokens,
        AccessTokens accessTokens,
        FleetServices fleet) {
    /**
     * What an installation is like.
     *
     * @param own its own tenant
     * @param origin by which browsers reach it, or null where there is none yet
     * @param guard which sign-in providers may be asked
     * @param packs of osquery that come with it
     */
    public record Setting(TenantId own, @Nullable URI origin, OutboundGuard guard, ShippedPacks packs) {
        /** What its access tokens are of and for. */
        String issuer() {
            return origin == null ? "urn:marsad:" + own : origin.toString();
        }
    }

    /**
     * All of them on one database.
     *
     * @param of what this installation is
     */
    public static IdentityServices of(
            Database database, Vault vault, Setting of, InstantSource clock, SecureRandom random) {
        var accounts = new Accounts(database, new SecondFactors(database, vault, clock, random), clock, random);
        var tokens = new Tokens(database, clock, random);
        var keys = new SigningKeys(database, vault, of.own(), clock, random);
        return new IdentityServices(
                accounts,
                new Users(database, accounts, clock, random),
                new Roles(database, clock, random),
                new SecondFactorPolicy(database, clock),
                new Passkeys(database, clock, random, accounts.sessions()),
                SignOn.open(database, vault, accounts.sessions(), of.guard(), clock, random),
                tokens,
                new AccessTokens(keys, accounts.sessions(), tokens, of.issuer(), clock),
                FleetServices.of(database, vault, of.packs(), clock, random));
    }
}
