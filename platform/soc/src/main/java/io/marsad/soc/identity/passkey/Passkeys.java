package io.marsad.soc.identity.passkey;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.identity.SecondFactors;
import io.marsad.soc.identity.Session;
import io.marsad.soc.identity.Sessions;
import io.marsad.soc.identity.SignIn;
import io.marsad.soc.identity.passkey.Challenges.Purpose;
import io.marsad.soc.identity.passkey.PasskeyRows.Holder;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Passkeys: people make them for their own account, and sign in with them without saying who they are. The authenticator
 * has to verify its holder, so that a passkey stands for two factors.
 *
 * <p>Thread-safe.
 */
public final class Passkeys {
    private static final int MOST = 20;
    private static final int HANDLE = 32;

    private final Database database;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Sessions sessions;
    private final Challenges challenges;
    private final Ceremonies ceremonies = new Ceremonies();

    public Passkeys(Database database, InstantSource clock, SecureRandom random, Sessions sessions) {
        this.database = database;
        this.clock = clock;
        this.random = random;
        this.sessions = sessions;
        this.challenges = new Challenges(database, clock, random);
    }

    /** The algorithms that are taken, as COSE numbers them, best first. */
    public static List<Integer> algorithms() {
        return Ceremonies.ALGORITHMS;
    }

    /** A credential that the person has: the authenticator need not make another. */
    public record Existing(byte[] credentialId, List<String> transports) {
        public Existing {
            transports = List.copyOf(transports);
        }
    }

    /**
     * What an authenticator is asked for.
     *
     * @param userHandle what it will know the person by
     */
    public record Asked(byte[] challenge, byte[] userHandle, List<Existing> existing) {
        public Asked {
            existing = List.copyOf(existing);
        }
    }

    /**
     * Begins to make a passkey.
     *
     * @param address of the browser
     * @throws io.marsad.kernel.problem.ProblemException 403 {@code sign-in-again}, {@code use-your-passkey}; 409
     *     {@code too-many-passkeys}; 429
     */
    public Asked begin(Session of, String address) {
        var fresh = new byte[HANDLE];
        random.nextBytes(fresh);
        var challenge = challenges.make(Purpose.registration(of), address);
        var now = clock.instant();
        return database.inTenant(of.tenant(), connection -> {
            SecondFactors.requireMayAdd(connection, of, now);
            var existing = PasskeyRows.of(connection, of.tenant(), of.userId());
            requireRoom(existing.size());
            return new Asked(
                    challenge,
                    PasskeyRows.handle(connection, of.tenant(), of.userId(), fresh),
                    existing.stream()
                            .map(one -> new Existing(
                                    one.credentialId(), one.passkey().transports()))
                            .toList());
        });
    }

    /**
     * Keeps a passkey that an authenticator made.
     *
     * @param answer the browser's {@code RegistrationResponseJSON}
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-name}, {@code invalid-passkey}; 409
     *     {@code too-many-passkeys}, {@code known-passkey}
     */
    public Passkey add(Session of, RelyingParty party, String name, String answer) {
        var called = name(name);
        var data = ceremonies.registration(answer);
        var challenge = Ceremonies.challenge(data == null ? null : data.getCollectedClientData());
        boolean asked = challenges.take(challenge, Purpose.registration(of));
        var made = data == null || !asked ? null : ceremonies.made(data, party, challenge);
        if (made == null) {
            throw Problem.badRequest(
                            "invalid-passkey",
                            "The authenticator's answer is not to what it was asked here within five minutes, or it has not"
                                    + " verified its holder.")
                    .asException();
        }
        var now = clock.instant();
        var passkey = new Passkey(newId(now), called, made.aaguid(), made.transports(), made.backedUp(), now, null);
        database.inTenant(of.tenant(), connection -> {
            requireRoom(PasskeyRows.of(connection, of.tenant(), of.userId()).size());
            if (!PasskeyRows.insert(connection, of.tenant(), of.userId(), passkey, made)) {
                throw Problem.conflict("known-passkey", "This passkey is known already.")
                        .asException();
            }
            Sessions.proved(connection, of, Sessions.Method.PASSKEY);
            return audit(connection, of, now, "passkey.create", passkey.id());
        });
        return passkey;
    }

    /** The person's passkeys, oldest first. */
    public List<Passkey> list(Session of) {
        return database.inTenant(
                of.tenant(),
                c -> PasskeyRows.of(c, of.tenant(), of.userId()).stream()
                        .map(PasskeyRows.Existing::passkey)
                        .toList());
    }

    /**
     * Calls one of the person's passkeys otherwise. False when there is none such.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-name}
     */
    public boolean rename(Session of, UUID passkey, String name) {
        var called = name(name);
        return change(of, "passkey.rename", passkey, (c, holder) -> PasskeyRows.rename(c, holder, passkey, called));
    }

    /** Forgets one of the person's passkeys. False when there is none such. */
    public boolean remove(Session of, UUID passkey) {
        return change(of, "passkey.delete", passkey, (c, holder) -> PasskeyRows.delete(c, holder, passkey));
    }

    @FunctionalInterface
    private interface Change {
        boolean run(Connection connection, Holder holder) throws SQLException;
    }

    private boolean change(Session of, String action, UUID passkey, Change change) {
        var now = clock.instant();
        return database.<Boolean>inTenant(of.tenant(), connection -> {
            if (!change.run(connection, new Holder(of.tenant(), of.userId()))) {
                return false;
            }
            audit(connection, of, now, action, passkey);
            return true;
        });
    }

    /**
     * What an authenticator has to sign for somebody to sign in.
     *
     * @throws io.marsad.kernel.problem.ProblemException 429
     */
    public byte[] beginSignIn(String address) {
        return challenges.make(Purpose.SIGN_IN, address);
    }

    /**
     * Signs in whom the authenticator's answer names. A counter that went back is refused: there is a copy of the
     * authenticator, and which of them this is nobody knows.
     *
     * @param answer the browser's {@code AuthenticationResponseJSON}
     */
    public SignIn signIn(RelyingParty party, String answer, Sessions.Device device) {
        var data = ceremonies.assertion(answer);
        if (data == null) {
            return new SignIn.Refused();
        }
        var challenge = Ceremonies.challenge(data.getCollectedClientData());
        var handle = Ceremonies.userHandle(data);
        if (!challenges.take(challenge, Purpose.SIGN_IN) || handle.length != HANDLE) {
            return new SignIn.Refused();
        }
        var holder = database.<@Nullable Holder>inInstallation(c -> PasskeyRows.holder(c, handle));
        if (holder == null) {
            return new SignIn.Refused();
        }
        var now = clock.instant();
        return database.inTenant(holder.tenant(), connection -> {
            var known = PasskeyRows.known(connection, holder, Ceremonies.credentialId(data));
            if (known == null) {
                return new SignIn.Refused();
            }
            return switch (ceremonies.use(data, party, challenge, known)) {
                case Ceremonies.Use.Good good -> {
                    PasskeyRows.used(connection, holder.tenant(), known.passkey(), good, now);
                    var success =
                            sessions.begin(connection, holder.tenant(), holder.user(), Sessions.Method.PASSKEY, device);
                    yield success == null ? new SignIn.Refused() : success;
                }
                case Ceremonies.Use.Copied(long count) ->
                    refuse(
                            connection,
                            holder,
                            known.passkey(),
                            now,
                            "{\"reason\":\"counter\",\"kept\":" + known.signCount() + ",\"sent\":" + count + "}");
                case Ceremonies.Use.Bad(var reason) ->
                    refuse(connection, holder, known.passkey(), now, "{\"reason\":\"" + reason + "\"}");
            };
        });
    }

    private static SignIn refuse(Connection connection, Holder holder, UUID passkey, Instant now, String detail)
            throws SQLException {
        AuditLog.append(
                connection,
                holder.tenant(),
                new AuditLog.Entry(now, "user:" + holder.user(), "passkey.refuse", "passkey:" + passkey, detail));
        return new SignIn.Refused();
    }

    private static void requireRoom(int have) {
        if (have >= MOST) {
            throw Problem.conflict("too-many-passkeys", "An account has at most " + MOST + " passkeys.")
                    .asException();
        }
    }

    private static String name(String text) {
        var name = text.strip();
        if (name.isEmpty() || name.length() > 100 || name.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw Problem.badRequest("invalid-name", "A name has 1 to 100 printable characters.")
                    .asException();
        }
        return name;
    }

    private static long audit(Connection connection, Session of, Instant now, String action, UUID passkey)
            throws SQLException {
        TenantId tenant = of.tenant();
        return AuditLog.append(
                connection, tenant, new AuditLog.Entry(now, "user:" + of.userId(), action, "passkey:" + passkey, "{}"));
    }

    private UUID newId(Instant now) {
        return EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong())
                .uuid();
    }
}
