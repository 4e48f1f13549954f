package io.marsad.soc.identity.access;

import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.identity.Sessions;
import io.marsad.soc.identity.Tokens;
import io.marsad.soc.identity.jose.InvalidTokenException;
import io.marsad.soc.identity.jose.Jwt;
import io.marsad.soc.identity.jose.SignatureAlgorithm;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens (RFC 9068): signed, for at most 15 minutes, of one tenant, given in exchange for a session or a token, and
 * never for more than that may do. The signature says who gave it to whom; that its session or token still is there, its
 * user enabled, and what they may do now, the database is asked each time: what ends there ends here at once.
 *
 * <p>Thread-safe.
 */
public final class AccessTokens {
    static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final String TYPE = "at+jwt";
    private static final int LONGEST_TEXT = 4_096;

    private final SigningKeys keys;
    private final Sessions sessions;
    private final Tokens tokens;
    private final String issuer;
    private final InstantSource clock;

    /** @param issuer what this installation is called by those who check its tokens; also for whom they are */
    public AccessTokens(SigningKeys keys, Sessions sessions, Tokens tokens, String issuer, InstantSource clock) {
        this.keys = keys;
        this.sessions = sessions;
        this.tokens = tokens;
        this.issuer = issuer;
        this.clock = clock;
    }

    /** The keys that they are signed with. */
    public SigningKeys keys() {
        return keys;
    }

    /** What an access token is given for. */
    public enum Parent {
        SESSION,
        TOKEN
    }

    /** @param text the whole token; for the caller only */
    public record Issued(String text, Duration lifetime, Set<String> permissions) {
        public Issued {
            permissions = Set.copyOf(permissions);
        }

        /** Without the token. */
        @Override
        public String toString() {
            return "Issued[" + lifetime + "]";
        }
    }

    /**
     * Gives one.
     *
     * @param id of the session or token
     * @param wanted what it is to be good for; null: all that the caller may
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-token}; 403 for what the caller may not
     */
    public Issued issue(
            Caller caller,
            Parent parent,
            UUID id,
            @Nullable Collection<String> wanted,
            Duration lifetime,
            SignatureAlgorithm algorithm) {
        if (lifetime.compareTo(SHORTEST) < 0 || lifetime.compareTo(LONGEST) > 0) {
            throw Problem.badRequest("invalid-token", "An access token lives 60 to 900 seconds.")
                    .asException();
        }
        var permissions = new TreeSet<>(wanted == null ? caller.permissions() : wanted);
        for (String one : permissions) {
            if (!caller.may(one)) {
                throw Problem.forbidden("You cannot have a token for " + one + ", which you do not have.")
                        .asException();
            }
        }
        var now = clock.instant().getEpochSecond();
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", issuer);
        claims.put("aud", issuer);
        claims.put("sub", caller.subject());
        claims.put("tid", caller.tenant().value());
        claims.put("client_id", parent == Parent.SESSION ? "session" : "token");
        claims.put("sid", id.toString());
        claims.put("scope", String.join(" ", permissions));
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iat", now);
        claims.put("exp", now + lifetime.toSeconds());
        var key = keys.signing(algorithm);
        return new Issued(Jwt.sign(algorithm, key.id(), TYPE, claims, keys.secret(key)), lifetime, permissions);
    }

    /**
     * An access token that was found good.
     *
     * @param parent id of the session or token that it was given for
     * @param name of the user or token
     */
    public record Bearer(UUID parent, String name, Caller caller) {}

    /** Whether a text has the form of such a token at all. */
    public static boolean looksLikeOne(String text) {
        return text.startsWith("eyJ") && text.indexOf('.') > 0;
    }

    /** What the token allows; null when it is not ours, has ended, or what it was given for has. */
    public @Nullable Bearer authenticate(String text) {
        try {
            return text.length() > LONGEST_TEXT ? null : read(text);
        } catch (InvalidTokenException e) {
            return null; // a stranger learns no more than that; why, is in nobody's interest but theirs
        }
    }

    private @Nullable Bearer read(String text) throws InvalidTokenException {
        var token = Jwt.parse(text);
        if (!token.type().equals(TYPE)
                || token.keyId() == null
                || !SigningKeys.ALGORITHMS.contains(token.algorithm())) {
            throw new InvalidTokenException("it is no access token");
        }
        keys.verifying().verify(token);
        if (!token.require("iss").equals(issuer) || !token.audience().equals(List.of(issuer))) {
            throw new InvalidTokenException("it is not of and for this installation");
        }
        var now = clock.instant();
        requireInTime(token, now);
        try {
            var tenant = new TenantId(token.require("tid"));
            var id = UUID.fromString(token.require("sid"));
            var bearer = token.require("client_id").equals("session") ? bySession(tenant, id) : byToken(tenant, id);
            return bearer == null || !bearer.caller().subject().equals(token.require("sub"))
                    ? null
                    : narrowed(bearer, token.require("scope"));
        } catch (IllegalArgumentException e) {
            throw new InvalidTokenException("its tenant or parent is none", e);
        }
    }

    /** Our own clock gave it: there is no difference to allow for. */
    private static void requireInTime(Jwt token, Instant now) throws InvalidTokenException {
        token.requireValid(now);
        var expires = token.time("exp");
        if (expires == null || !now.isBefore(expires)) {
            throw new InvalidTokenException("it has expired");
        }
    }

    private @Nullable Bearer bySession(TenantId tenant, UUID id) {
        var session = sessions.holder(tenant, id);
        return session == null ? null : new Bearer(id, session.username(), session.caller());
    }

    private @Nullable Bearer byToken(TenantId tenant, UUID id) {
        var grant = tokens.valid(tenant, id);
        return grant == null ? null : new Bearer(id, grant.token().name(), grant.caller());
    }

    /** What it was given for, as far as that is allowed now. */
    private static Bearer narrowed(Bearer bearer, String scope) {
        var both = new HashSet<>(Set.of(scope.split(" ", -1)));
        both.removeIf(permission -> !bearer.caller().may(permission));
        var caller = bearer.caller();
        return new Bearer(bearer.parent(), bearer.name(), new Caller(caller.tenant(), caller.subject(), both));
    }
}
