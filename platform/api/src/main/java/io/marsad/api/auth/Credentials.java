package io.marsad.api.auth;

import io.marsad.api.http.Authenticator;
import io.marsad.api.http.Credential;
import io.marsad.soc.identity.Accounts;
import io.marsad.soc.identity.Tokens;
import org.jspecify.annotations.Nullable;

/** The sessions and tokens of this installation. Thread-safe. */
public final class Credentials implements Authenticator {
    private final Accounts accounts;
    private final Tokens tokens;

    public Credentials(Accounts accounts, Tokens tokens) {
        this.accounts = accounts;
        this.tokens = tokens;
    }

    @Override
    public @Nullable Credential session(String secret) {
        var session = accounts.session(secret);
        return session == null
                ? null
                : new Credential(
                        session.id().toString(), session.username(), session.caller(), session.csrf(), session);
    }

    @Override
    public @Nullable Credential token(String secret) {
        var grant = tokens.authenticate(secret);
        return grant == null
                ? null
                : new Credential(grant.token().id().toString(), grant.token().name(), grant.caller(), null, null);
    }
}
