package io.marsad.soc.identity.sso;

import io.marsad.soc.identity.jose.InvalidTokenException;
import io.marsad.soc.identity.jose.Jwt;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Who a provider says somebody is (OpenID Connect Core 1.0, 3.1.3.7).
 *
 * @param subject never changes and is never given to another one
 * @param name to show
 */
record IdToken(String subject, String name, Set<String> groups) {
    private static final int MOST_GROUPS = 5_000;
    private static final int LONGEST_NAME = 128;

    /** What a token has to be about. */
    record Wanted(String issuer, String clientId, String nonce, String groupsClaim) {}

    /**
     * Reads a token whose signature was found right.
     *
     * @throws InvalidTokenException when it is not for this very sign-in
     */
    static IdToken read(Jwt token, Wanted wanted, Instant now) throws InvalidTokenException {
        if (!token.type().isEmpty() && !token.type().equals("jwt")) {
            throw new InvalidTokenException("it is of another type than an ID token");
        }
        if (!token.require("iss").equals(wanted.issuer())) {
            throw new InvalidTokenException("it is of another issuer");
        }
        var audience = token.audience();
        var party = token.text("azp");
        if (!audience.contains(wanted.clientId())
                || (party == null ? audience.size() > 1 : !party.equals(wanted.clientId()))) {
            throw new InvalidTokenException("it is for somebody else (aud, azp)");
        }
        token.requireValid(now);
        if (!same(token.require("nonce"), wanted.nonce())) {
            throw new InvalidTokenException("its nonce is of another sign-in");
        }
        var subject = token.require("sub");
        if (subject.length() > 255 || subject.indexOf(0) >= 0) {
            throw new InvalidTokenException("its sub is longer than 255 characters");
        }
        return new IdToken(subject, name(token, subject), groups(token.claims(), wanted.groupsClaim()));
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static String name(Jwt token, String subject) {
        for (String claim : List.of("preferred_username", "email", "name")) {
            var value = token.claims().get(claim);
            var printable = value != null && value.isString() ? printable(value.stringValue()) : "";
            if (!printable.isEmpty()) {
                return printable;
            }
        }
        return printable(subject);
    }

    private static String printable(String text) {
        var clean = text.replaceAll("\\p{Cntrl}", " ").strip();
        return clean.length() > LONGEST_NAME ? clean.substring(0, LONGEST_NAME) : clean;
    }

    /** Where the claim's name stands as it is, or else where its parts lead. */
    private static Set<String> groups(JsonNode claims, String claim) throws InvalidTokenException {
        var value = claims.get(claim);
        for (var at = value == null ? List.of(claim.split("\\.", -1)) : List.<String>of(); !at.isEmpty(); ) {
            value = (value == null ? claims : value).get(at.getFirst());
            if (value == null) {
                return Set.of();
            }
            at = at.subList(1, at.size());
        }
        return names(value);
    }

    private static Set<String> names(@Nullable JsonNode value) throws InvalidTokenException {
        var names = new LinkedHashSet<String>();
        if (value != null && value.isString()) {
            names.add(value.stringValue());
        } else if (value != null && value.isArray()) {
            if (value.size() > MOST_GROUPS) {
                throw new InvalidTokenException("it names more than " + MOST_GROUPS + " groups");
            }
            for (JsonNode one : value) {
                if (one.isString()) {
                    names.add(one.stringValue());
                }
            }
        }
        return names;
    }

    /** Who it is, without more. */
    @Override
    public String toString() {
        return "IdToken[" + subject.length() + " characters of subject, " + groups.size() + " groups]";
    }
}
