package io.marsad.soc.identity.sso;

import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sign-ins that wait for a provider's answer, for ten minutes, each once. {@code state} is {@code TENANT.ID.SECRET}, so that
 * it is looked up under its tenant's row-level security; it counts only with the cookie of the browser that began. Of one
 * address 20 wait, of a tenant 5,000.
 */
final class PendingSignIns {
    static final Duration LIVE = Duration.ofMinutes(10);
    private static final int OF_ADDRESS = 20;
    private static final int MOST = 5_000;
    private static final Pattern STATE = Pattern.compile(
            "([a-z0-9][a-z0-9-]{1,61}[a-z0-9])\\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.([A-Za-z0-9_-]{43})");

    private PendingSignIns() {}

    /** What a provider sent back names. */
    record State(TenantId tenant, UUID id, String secret) {
        /** Null when the text is no such. */
        static @Nullable State parse(String text) {
            var match = STATE.matcher(text.length() > 200 ? "" : text);
            return match.matches()
                    ? new State(new TenantId(match.group(1)), UUID.fromString(match.group(2)), match.group(3))
                    : null;
        }

        String text() {
            return tenant + "." + id + "." + secret;
        }

        @Override
        public String toString() {
            return tenant + "." + id;
        }
    }

    /**
     * One that waits.
     *
     * @param returnTo a path of the console
     */
    record Pending(UUID provider, String issuer, String nonce, String verifier, String redirectUri, String returnTo) {
        /** Without what only the provider and we know. */
        @Override
        public String toString() {
            return "Pending[" + provider + "]";
        }
    }

    /** @throws io.marsad.kernel.problem.ProblemException 429 when too many of the tenant wait */
    static void add(Connection connection, State state, String browser, Pending pending, From from)
            throws SQLException {
        prune(connection, state.tenant(), from);
        try (var insert =
                connection.prepareStatement("INSERT INTO provider_sign_ins (tenant_id, sign_in_id, provider_id,"
                        + " state_hash, browser_hash, issuer, nonce, verifier, redirect_uri, return_to, address, expires_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, state.tenant().value());
            insert.setObject(2, state.id());
            insert.setObject(3, pending.provider());
            insert.setBytes(4, sha256(state.secret()));
            insert.setBytes(5, sha256(browser));
            insert.setString(6, pending.issuer());
            insert.setString(7, pending.nonce());
            insert.setString(8, pending.verifier());
            insert.setString(9, pending.redirectUri());
            insert.setString(10, pending.returnTo());
            insert.setString(11, from.address());
            insert.setTimestamp(12, Timestamp.from(from.at().plus(LIVE)));
            insert.executeUpdate();
        }
    }

    /** Who begins one, and when. */
    record From(String address, Instant at) {}

    private static void prune(Connection connection, TenantId tenant, From from) throws SQLException {
        try (var old =
                connection.prepareStatement("DELETE FROM provider_sign_ins WHERE tenant_id = ? AND expires_at <= ?")) {
            old.setString(1, tenant.value());
            old.setTimestamp(2, Timestamp.from(from.at()));
            old.executeUpdate();
        }
        try (var surplus =
                connection.prepareStatement("DELETE FROM provider_sign_ins WHERE tenant_id = ? AND sign_in_id IN"
                        + " (SELECT sign_in_id FROM provider_sign_ins WHERE tenant_id = ? AND address = ?"
                        + " ORDER BY expires_at DESC OFFSET ?)")) {
            surplus.setString(1, tenant.value());
            surplus.setString(2, tenant.value());
            surplus.setString(3, from.address());
            surplus.setInt(4, OF_ADDRESS - 1);
            surplus.executeUpdate();
        }
        try (var count = connection.prepareStatement("SELECT count(*) FROM provider_sign_ins WHERE tenant_id = ?")) {
            count.setString(1, tenant.value());
            try (var rows = count.executeQuery()) {
                if (rows.next() && rows.getLong(1) >= MOST) {
                    throw Problem.overloaded("Too many sign in at this moment; try again.")
                            .asException();
                }
            }
        }
    }

    /** The one that waits for this state in this browser, once; null when there is none. */
    static @Nullable Pending take(Connection connection, State state, String browser, Instant now) throws SQLException {
        try (var delete =
                connection.prepareStatement("DELETE FROM provider_sign_ins WHERE tenant_id = ? AND sign_in_id = ?"
                        + " AND state_hash = ? AND browser_hash = ? AND expires_at > ? RETURNING provider_id, issuer, nonce,"
                        + " verifier, redirect_uri, return_to")) {
            delete.setString(1, state.tenant().value());
            delete.setObject(2, state.id());
            delete.setBytes(3, sha256(state.secret()));
            delete.setBytes(4, sha256(browser));
            delete.setTimestamp(5, Timestamp.from(now));
            try (var rows = delete.executeQuery()) {
                return rows.next()
                        ? new Pending(
                                rows.getObject(1, UUID.class),
                                rows.getString(2),
                                rows.getString(3),
                                rows.getString(4),
                                rows.getString(5),
                                rows.getString(6))
                        : null;
            }
        }
    }

    /** 256 random bits, as base64url. */
    static String secret(SecureRandom random) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
