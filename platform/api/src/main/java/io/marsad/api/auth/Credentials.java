package io.marsad.api.auth;

import io.marsad.api.http.Authenticator;
import io.marsad.api.http.Credential;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.identity.Accounts;
import io.marsad.soc.identity.Tokens;
import io.marsad.soc.identity.access.AccessTokens;
import io.marsad.soc.tenant.Standings;
import org.jspecify.annotations.Nullable;

/** The sessions and tokens of this installation. Thread-safe. */
public final class Credentials implements Authenticator {
    private final Accounts accounts;
    private final Tokens tokens;
    private final AccessTokens accessTokens;
    private final Standings standings;

    public Credentials(Accounts accounts, Tokens tokens, AccessTokens accessTokens, Standings standings) {
        this.accessTokens = accessTokens;
        this.standings = standings;
        this.accounts = accounts;
        this.tokens = tokens;
    }

    @Override
    public @Nullable Credential session(String secret) {
        var session = accounts.sessions().find(secret);
        if (session == null) {
            return null;
        }
        standings.requireActive(session.tenant());
        var acting = session.acting();
        if (acting != null && !standings.isActive(acting.tenant())) {
            session = session.withActingEnded();
        }
        return new Credential(session.id().toString(), session.username(), session.caller(), session.csrf(), session);
    }

    @Override
    public @Nullable Credential token(String secret) {
        return AccessTokens.looksLikeOne(secret) ? accessToken(secret) : opaqueToken(secret);
    }

    /** The id is that of the session or token that it was given for: what ends that ends its live streams. */
    private @Nullable Credential accessToken(String text) {
        var bearer = accessTokens.authenticate(text);
        if (bearer == null) {
            return null;
        }
        standings.requireActive(bearer.caller().tenant());
        return new Credential(bearer.parent().toString(), bearer.name(), bearer.caller(), null, null);
    }

    private @Nullable Credential opaqueToken(String secret) {
        var grant = tokens.authenticate(secret);
        if (grant == null) {
            return null;
        }
        standings.requireActive(grant.caller().tenant());
        return new Credential(grant.token().id().toString(), grant.token().name(), grant.caller(), null, null);
    }

    @Override
    public boolean runsInstallation(TenantId tenant) {
        return tenant.equals(standings.own());
    }
}
