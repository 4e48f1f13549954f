package io.marsad.soc.identity;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.db.vault.SecretName;
import io.marsad.db.vault.SecretValue;
import io.marsad.db.vault.Vault;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The second factor beside a password: codes of an authenticator app, or a recovery code in their place. A passkey is two
 * factors by itself.
 *
 * <p>Thread-safe.
 */
public final class SecondFactors {
    private static final int RECOVERY_CODES = 10;
    private static final int RECOVERY_BYTES = 10;
    private static final String KIND = "totp";
    private static final String ISSUER = "Marsad";

    private final Database database;
    private final Vault vault;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Attempts attempts;

    public SecondFactors(Database database, Vault vault, InstantSource clock, SecureRandom random) {
        this.database = database;
        this.vault = vault;
        this.clock = clock;
        this.random = random;
        this.attempts = new Attempts(database);
    }

    /**
     * What a person has.
     *
     * @param since when the authenticator app showed its first code; null: there is none
     * @param recoveryCodes that are left
     * @param required whether the person's role needs a second factor
     */
    public record State(@Nullable Instant since, int recoveryCodes, boolean required) {}

    /**
     * What the authenticator app is to be told.
     *
     * @param secret in base 32, to be typed
     * @param uri the same as {@code otpauth:}, to be shown as a QR code
     */
    public record Enrolment(String secret, String uri) {
        @Override
        public String toString() {
            return "Enrolment";
        }
    }

    /** How asking for a code at sign-in went. */
    enum Check {
        /** The account asks for none. */
        NONE,
        GOOD,
        MISSING,
        WRONG
    }

    public State state(Session of) {
        return database.inTenant(of.tenant(), connection -> {
            var app = SecondFactorRows.app(connection, of.tenant(), of.userId());
            return new State(
                    app == null ? null : app.confirmedAt(),
                    SecondFactorRows.recoveryCodes(connection, of.tenant(), of.userId()),
                    SecondFactorRows.roles(connection, of.tenant())
                            .contains(of.role().word()));
        });
    }

    /**
     * Begins with an authenticator app; what was begun and not confirmed before is void.
     *
     * @throws io.marsad.kernel.problem.ProblemException 403 {@code sign-in-again}, {@code use-your-passkey}; 409
     *     {@code known-authenticator}
     */
    public Enrolment begin(Session of) {
        var now = clock.instant();
        var secret = new byte[OneTimeCode.SECRET];
        random.nextBytes(secret);
        try (var value = SecretValue.of(secret)) {
            return database.inTenant(of.tenant(), connection -> {
                requireMayAdd(connection, of, now);
                if (!SecondFactorRows.begin(connection, of.tenant(), of.userId(), now)) {
                    throw Problem.conflict(
                                    "known-authenticator",
                                    "Your account has an authenticator app already; remove it first.")
                            .asException();
                }
                vault.put(connection, of.tenant(), name(of.userId()), value);
                return enrolment(of, OneTimeCode.base32(secret));
            });
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static Enrolment enrolment(Session of, String secret) {
        var label = ISSUER + " " + of.tenantName() + ":" + of.username();
        return new Enrolment(
                secret,
                "otpauth://totp/" + encoded(label) + "?secret=" + secret + "&issuer="
                        + encoded(ISSUER + " " + of.tenantName())
                        + "&algorithm=SHA1&digits=" + OneTimeCode.DIGITS + "&period=" + OneTimeCode.SECONDS);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * The app shows its first code: from now on it is asked for. This session counts as one with two factors.
     *
     * @return recovery codes, known here and now only
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code wrong-code}; 409 {@code no-authenticator}
     */
    public List<String> confirm(Session of, String code) {
        var now = clock.instant();
        var codes = newCodes();
        database.inTenant(of.tenant(), connection -> {
            var app = SecondFactorRows.app(connection, of.tenant(), of.userId());
            if (app == null || app.confirmedAt() != null) {
                throw Problem.conflict("no-authenticator", "No authenticator app waits for its first code.")
                        .asException();
            }
            if (!showsCode(connection, of.tenant(), of.userId(), app, code, now)) {
                throw Problem.badRequest(
                                "wrong-code",
                                "This is not the code that the app shows now. Is the device's clock right?")
                        .asException();
            }
            SecondFactorRows.setRecoveryCodes(connection, of.tenant(), of.userId(), codes);
            Sessions.proved(connection, of, Sessions.Method.TOTP);
            return audit(connection, of.tenant(), of.userId(), now, "authenticator.create", "{}");
        });
        return codes;
    }

    /** How a change that takes a code went. */
    public sealed interface Change {
        /** @param codes new recovery codes; none where the app is removed */
        record Done(List<String> codes) implements Change {
            @Override
            public String toString() {
                return "Done";
            }
        }

        record Wrong() implements Change {}

        record TooMany(Duration retryAfter) implements Change {}
    }

    /** Removes the app, against a code of it or a recovery code. @throws io.marsad.kernel.problem.ProblemException 409 */
    public Change remove(Session of, String code) {
        return withCode(of, code, connection -> {
            forgetApp(connection, of.tenant(), of.userId());
            audit(connection, of.tenant(), of.userId(), clock.instant(), "authenticator.delete", "{}");
            return List.of();
        });
    }

    /** Other recovery codes instead of those that are left. @throws io.marsad.kernel.problem.ProblemException 409 */
    public Change renewRecoveryCodes(Session of, String code) {
        var codes = newCodes();
        return withCode(of, code, connection -> {
            SecondFactorRows.setRecoveryCodes(connection, of.tenant(), of.userId(), codes);
            audit(connection, of.tenant(), of.userId(), clock.instant(), "recovery_codes.create", "{}");
            return codes;
        });
    }

    @FunctionalInterface
    private interface Act {
        List<String> run(Connection connection) throws SQLException;
    }

    private Change withCode(Session of, String code, Act act) {
        var now = clock.instant();
        var wait = attempts.begin(of.tenant(), of.username(), now);
        if (wait.isPositive()) {
            return new Change.TooMany(wait);
        }
        var result = database.<Change>inTenant(
                of.tenant(), connection -> switch (check(connection, of.tenant(), of.userId(), code, now)) {
                    case GOOD -> new Change.Done(act.run(connection));
                    case WRONG, MISSING -> new Change.Wrong();
                    case NONE ->
                        throw Problem.conflict("no-authenticator", "Your account has no authenticator app.")
                                .asException();
                });
        if (result instanceof Change.Done) {
            attempts.succeeded(of.tenant(), of.username());
        }
        return result;
    }

    /** Whether the person may sign in who has shown the password; spends the code, and audits one that is wrong. */
    Check check(Connection connection, TenantId tenant, UUID user, @Nullable String code, Instant now)
            throws SQLException {
        var app = SecondFactorRows.app(connection, tenant, user);
        if (app == null || app.confirmedAt() == null) {
            return Check.NONE;
        }
        var typed = code == null ? "" : code.replace(" ", "").replace("-", "");
        if (typed.isEmpty()) {
            return Check.MISSING;
        }
        if (showsCode(connection, tenant, user, app, typed, now)) {
            return Check.GOOD;
        }
        if (typed.length() <= 64
                && SecondFactorRows.useRecoveryCode(connection, tenant, user, typed.toUpperCase(Locale.ROOT))) {
            var left = SecondFactorRows.recoveryCodes(connection, tenant, user);
            audit(connection, tenant, user, now, "recovery_code.use", "{\"left\":" + left + "}");
            return Check.GOOD;
        }
        audit(connection, tenant, user, now, "session.refuse", "{\"reason\":\"code\"}");
        return Check.WRONG;
    }

    private boolean showsCode(
            Connection connection, TenantId tenant, UUID user, SecondFactorRows.App app, String code, Instant now)
            throws SQLException {
        try (var secret = vault.read(connection, tenant, name(user))) {
            if (secret == null) {
                return false;
            }
            var bytes = secret.bytes();
            try {
                long step = OneTimeCode.match(bytes, code, now, app.lastStep());
                if (step < 0) {
                    return false;
                }
                SecondFactorRows.spent(connection, tenant, user, step, now);
                return true;
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        }
    }

    /** Takes from an account what it signs in with beside the password: it has been reset, or deleted. */
    void forget(Connection connection, TenantId tenant, UUID user) throws SQLException {
        forgetApp(connection, tenant, user);
        SecondFactorRows.deletePasskeys(connection, tenant, user);
    }

    private void forgetApp(Connection connection, TenantId tenant, UUID user) throws SQLException {
        if (SecondFactorRows.delete(connection, tenant, user)) {
            vault.remove(connection, tenant, name(user));
        }
    }

    /** Who owes a second factor may make their first one; others add one when they have just signed in. */
    public static void requireMayAdd(Connection connection, Session of, Instant now) throws SQLException {
        if (of.secondFactorDue()) {
            if (SecondFactorRows.passkeys(connection, of.tenant(), of.userId()) > 0) {
                throw forbidden(
                        "use-your-passkey",
                        "Your account has a passkey: sign in with it, or let an administrator reset the account.");
            }
        } else if (of.createdAt().plus(Sessions.FRESH).isBefore(now)) {
            throw forbidden(
                    "sign-in-again",
                    "Sign in again first: this session began more than " + Sessions.FRESH.toMinutes()
                            + " minutes ago, and who finds it open must not make a way in of their own.");
        }
    }

    private static RuntimeException forbidden(String type, String detail) {
        return new Problem(type, 403, "Forbidden", detail, List.of()).asException();
    }

    private static SecretName name(UUID user) {
        return new SecretName(KIND, user.toString());
    }

    /** As people type them: four groups of four. */
    private List<String> newCodes() {
        var codes = new ArrayList<String>();
        var bytes = new byte[RECOVERY_BYTES];
        for (int i = 0; i < RECOVERY_CODES; i++) {
            random.nextBytes(bytes);
            codes.add(OneTimeCode.base32(bytes));
        }
        return codes;
    }

    private static long audit(
            Connection connection, TenantId tenant, UUID user, Instant at, String action, String detail)
            throws SQLException {
        var person = "user:" + user;
        return AuditLog.append(connection, tenant, new AuditLog.Entry(at, person, action, person, detail));
    }
}
