package io.marsad.soc.identity.access;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.db.vault.SecretName;
import io.marsad.db.vault.SecretValue;
import io.marsad.db.vault.Vault;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.identity.jose.KeySet;
import io.marsad.soc.identity.jose.SignatureAlgorithm;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys that access tokens are signed with, one at a time for each algorithm. A new one is published a quarter of an hour
 * before it signs, so that whoever keeps our keys has it by then; an old one stays published until its last token has ended.
 * New ones are made when the newest is thirty days old, or when somebody asks. All processes on the database see the same
 * within seconds.
 *
 * <p>Thread-safe.
 */
public final class SigningKeys {
    /** Those that we sign with, the usual one first. */
    public static final List<SignatureAlgorithm> ALGORITHMS =
            List.of(SignatureAlgorithm.EDDSA, SignatureAlgorithm.RS256);

    static final Duration PUBLISHED_BEFORE = Duration.ofMinutes(15);
    private static final Duration PUBLISHED_AFTER = AccessTokens.LONGEST.plusMinutes(2);
    private static final Duration OLD = Duration.ofDays(30);
    private static final Duration BELIEVED = Duration.ofSeconds(5);
    private static final String KIND = "token.signing_key";
    private static final String SYSTEM = "system:signing-keys";

    private final Database database;
    private final Vault vault;
    private final TenantId own;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Map<String, PrivateKey> secrets = new ConcurrentHashMap<>();
    private volatile @Nullable Seen seen;

    private record Seen(List<SigningKey> keys, Instant at) {}

    /** @param own the installation's own tenant, in whose part of the vault and audit log they are */
    public SigningKeys(Database database, Vault vault, TenantId own, InstantSource clock, SecureRandom random) {
        this.database = database;
        this.vault = vault;
        this.own = own;
        this.clock = clock;
        this.random = random;
    }

    /** Those that are published, the newest of each algorithm first. */
    public List<SigningKey> published() {
        var now = clock.instant();
        var last = seen;
        if (last == null || !now.isBefore(last.at().plus(BELIEVED))) {
            last = new Seen(read(now), now);
            seen = last;
        }
        var keys = last.keys();
        return keys.stream().filter(key -> !isGone(key, keys, now)).toList();
    }

    KeySet verifying() {
        return new KeySet(published().stream().map(SigningKey::jwk).toList());
    }

    /** The one that signs now. */
    SigningKey signing(SignatureAlgorithm algorithm) {
        var all = published();
        var now = clock.instant(); // after that: one may have been made just then
        return all.stream()
                .filter(key -> key.algorithm() == algorithm && !key.signsFrom().isAfter(now))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no key signs with " + algorithm.word()));
    }

    /** Whether it signs now, will, or does no more. */
    public enum Use {
        NEXT,
        SIGNS,
        LEAVING;

        /** As the API writes it: {@code next}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a published key is for at this moment. */
    public Use use(SigningKey key) {
        if (key.signsFrom().isAfter(clock.instant())) {
            return Use.NEXT;
        }
        return signing(key.algorithm()).id().equals(key.id()) ? Use.SIGNS : Use.LEAVING;
    }

    PrivateKey secret(SigningKey key) {
        return secrets.computeIfAbsent(
                key.id(),
                _ -> database.inInstallation(own, connection -> {
                    try (var value = vault.read(connection, own, name(key.id()))) {
                        if (value == null) {
                            throw new IllegalStateException("the vault has not the key " + key.id());
                        }
                        return decoded(key.algorithm(), value);
                    }
                }));
    }

    /**
     * Makes new keys.
     *
     * @param atOnce they sign at once and the old ones count no more, nor what they signed: for keys that somebody else may
     *     have
     * @param by who does it, as the audit names it
     */
    public List<SigningKey> rotate(boolean atOnce, String by) {
        var now = now();
        database.inInstallation(own, connection -> {
            lock(connection);
            if (atOnce) {
                for (SigningKey key : rows(connection)) {
                    delete(connection, key);
                }
            }
            for (SignatureAlgorithm algorithm : ALGORITHMS) {
                boolean first = rows(connection).stream().noneMatch(key -> key.algorithm() == algorithm);
                make(connection, algorithm, now, first ? now : now.plus(PUBLISHED_BEFORE), by);
            }
            return true;
        });
        forget();
        return published();
    }

    private void forget() {
        seen = null;
        secrets.clear();
    }

    /** Reads them; makes and deletes what is due. */
    private List<SigningKey> read(Instant now) {
        var keys = database.inInstallation(own, SigningKeys::rows);
        if (!isDue(keys, now)) {
            return keys;
        }
        return database.inInstallation(own, connection -> {
            lock(connection);
            var before = rows(connection);
            for (SigningKey key : before) {
                if (isGone(key, before, now)) {
                    delete(connection, key);
                }
            }
            for (SignatureAlgorithm algorithm : ALGORITHMS) {
                var newest = newest(before, algorithm);
                if (newest == null || isOld(newest, now)) {
                    var at = now();
                    make(connection, algorithm, at, newest == null ? at : at.plus(PUBLISHED_BEFORE), SYSTEM);
                }
            }
            return rows(connection);
        });
    }

    private static boolean isDue(List<SigningKey> keys, Instant now) {
        for (SignatureAlgorithm algorithm : ALGORITHMS) {
            var newest = newest(keys, algorithm);
            if (newest == null || isOld(newest, now)) {
                return true;
            }
        }
        return keys.stream().anyMatch(key -> isGone(key, keys, now));
    }

    private static boolean isOld(SigningKey key, Instant now) {
        return !now.isBefore(key.createdAt().plus(OLD));
    }

    private static @Nullable SigningKey newest(List<SigningKey> keys, SignatureAlgorithm algorithm) {
        return keys.stream()
                .filter(key -> key.algorithm() == algorithm)
                .findFirst()
                .orElse(null);
    }

    /** Whether another one has signed for so long that no token of this one can still be valid. */
    private static boolean isGone(SigningKey key, List<SigningKey> all, Instant now) {
        return all.stream()
                .anyMatch(other -> other.algorithm() == key.algorithm()
                        && other.signsFrom().isAfter(key.signsFrom())
                        && !now.isBefore(other.signsFrom().plus(PUBLISHED_AFTER)));
    }

    private void make(Connection connection, SignatureAlgorithm algorithm, Instant now, Instant from, String by)
            throws SQLException {
        var bytes = new byte[12];
        random.nextBytes(bytes);
        var id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        var pair = pair(algorithm);
        try (var insert = connection.prepareStatement("INSERT INTO signing_keys VALUES (?, ?, ?, ?, ?)")) {
            insert.setString(1, id);
            insert.setString(2, algorithm.word());
            insert.setBytes(3, pair.getPublic().getEncoded());
            insert.setTimestamp(4, Timestamp.from(now));
            insert.setTimestamp(5, Timestamp.from(from));
            insert.executeUpdate();
        }
        var encoded = pair.getPrivate().getEncoded();
        try (var value = SecretValue.of(encoded)) {
            vault.put(connection, own, name(id), value);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
        audit(connection, by, "signing_key.create", id, "{\"algorithm\":\"" + algorithm.word() + "\"}");
    }

    private void delete(Connection connection, SigningKey key) throws SQLException {
        try (var delete = connection.prepareStatement("DELETE FROM signing_keys WHERE key_id = ?")) {
            delete.setString(1, key.id());
            delete.executeUpdate();
        }
        vault.remove(connection, own, name(key.id()));
        audit(connection, SYSTEM, "signing_key.delete", key.id(), "{}");
    }

    private void audit(Connection connection, String by, String action, String id, String detail) throws SQLException {
        AuditLog.append(connection, own, new AuditLog.Entry(clock.instant(), by, action, "signing_key:" + id, detail));
    }

    private void lock(Connection connection) throws SQLException {
        try (var select = connection.prepareStatement("SELECT 1 FROM tenants WHERE tenant_id = ? FOR NO KEY UPDATE")) {
            select.setString(1, own.value());
            select.executeQuery().close();
        }
    }

    private static List<SigningKey> rows(Connection connection) throws SQLException {
        var keys = new ArrayList<SigningKey>();
        try (var select = connection.prepareStatement("SELECT key_id, algorithm, public_key, created_at, signs_from"
                        + " FROM signing_keys ORDER BY algorithm, signs_from DESC, key_id");
                var rows = select.executeQuery()) {
            while (rows.next()) {
                var algorithm = SignatureAlgorithm.of(rows.getString("algorithm"));
                if (algorithm == null) {
                    throw new SQLException("a key of ours is of no algorithm of ours");
                }
                keys.add(new SigningKey(
                        rows.getString("key_id"),
                        algorithm,
                        algorithm.publicKey(rows.getBytes("public_key")),
                        rows.getTimestamp("created_at").toInstant(),
                        rows.getTimestamp("signs_from").toInstant()));
            }
        }
        return keys;
    }

    private static SecretName name(String id) {
        return new SecretName(KIND, id);
    }

    private KeyPair pair(SignatureAlgorithm algorithm) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm.keys());
            if (algorithm == SignatureAlgorithm.RS256) {
                generator.initialize(2048, random);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK makes keys for " + algorithm.word(), e);
        }
    }

    private static PrivateKey decoded(SignatureAlgorithm algorithm, SecretValue value) {
        var bytes = value.bytes();
        try {
            return KeyFactory.getInstance(algorithm.keys()).generatePrivate(new PKCS8EncodedKeySpec(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key of ours cannot be read", e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
