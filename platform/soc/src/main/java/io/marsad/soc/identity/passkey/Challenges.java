package io.marsad.soc.identity.passkey;

import io.marsad.db.Database;
import io.marsad.kernel.problem.Problem;
import io.marsad.soc.identity.Session;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What authenticators are to sign: 256 random bits, taken once, within five minutes, and only for what they were made for.
 * Anybody may ask for some, so they are bounded: of one address the oldest go, and all together they are so many at most.
 *
 * <p>Thread-safe.
 */
final class Challenges {
    static final Duration LIVE = Duration.ofMinutes(5);
    private static final int OF_ADDRESS = 500;
    private static final int MOST = 20_000;
    private static final int BYTES = 32;

    private final Database database;
    private final InstantSource clock;
    private final SecureRandom random;

    Challenges(Database database, InstantSource clock, SecureRandom random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
    }

    /** What a challenge is for. */
    record Purpose(String text) {
        static final Purpose SIGN_IN = new Purpose("sign-in");

        /** A passkey for who is signed in, in this session. */
        static Purpose registration(Session of) {
            return new Purpose("register\n" + of.tenant() + "\n" + of.id());
        }
    }

    /** @throws io.marsad.kernel.problem.ProblemException 429 when there are too many of all */
    byte[] make(Purpose purpose, String address) {
        var challenge = new byte[BYTES];
        random.nextBytes(challenge);
        var now = clock.instant();
        var from = address.length() > 64 ? address.substring(0, 64) : address;
        database.inInstallation(connection -> {
            try (var old = connection.prepareStatement("DELETE FROM passkey_challenges WHERE expires_at <= ?")) {
                old.setTimestamp(1, Timestamp.from(now));
                old.executeUpdate();
            }
            try (var surplus = connection.prepareStatement("DELETE FROM passkey_challenges WHERE challenge_key IN"
                    + " (SELECT challenge_key FROM passkey_challenges WHERE address = ? ORDER BY expires_at DESC"
                    + " OFFSET ?)")) {
                surplus.setString(1, from);
                surplus.setInt(2, OF_ADDRESS - 1);
                surplus.executeUpdate();
            }
            requireRoom(connection);
            try (var insert = connection.prepareStatement("INSERT INTO passkey_challenges VALUES (?, ?, ?)")) {
                insert.setBytes(1, key(challenge, purpose));
                insert.setString(2, from);
                insert.setTimestamp(3, Timestamp.from(now.plus(LIVE)));
                return insert.executeUpdate();
            }
        });
        return challenge;
    }

    private static void requireRoom(Connection connection) throws SQLException {
        try (var count = connection.prepareStatement("SELECT count(*) FROM passkey_challenges");
                var rows = count.executeQuery()) {
            if (rows.next() && rows.getLong(1) >= MOST) {
                throw Problem.overloaded("Too many sign in at this moment; try again.")
                        .asException();
            }
        }
    }

    /** True once for a challenge that was made for this purpose less than five minutes ago. */
    boolean take(byte[] challenge, Purpose purpose) {
        var now = clock.instant();
        return database.<Boolean>inInstallation(connection -> {
            try (var delete = connection.prepareStatement(
                    "DELETE FROM passkey_challenges WHERE challenge_key = ? AND expires_at > ?")) {
                delete.setBytes(1, key(challenge, purpose));
                delete.setTimestamp(2, Timestamp.from(now));
                return delete.executeUpdate() == 1;
            }
        });
    }

    private static byte[] key(byte[] challenge, Purpose purpose) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(purpose.text().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return digest.digest(challenge);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
