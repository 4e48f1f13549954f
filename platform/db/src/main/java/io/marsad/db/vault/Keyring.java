package io.marsad.db.vault;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The master keys: the store has them, the database says which of them is current, which leave and which are gone. A key
 * is in the store before the database names it, and leaves the store after nothing is encrypted by it. Thread-safe.
 */
final class Keyring {
    private static final String NAME = "vault";

    private final Database database;
    private final SecretStore store;
    private final InstantSource clock;
    private final SecureRandom random;
    private MasterKeys keys = MasterKeys.none(); // as the store has them

    /** All that this process ever had: who read a row just before its key left can still open it. */
    private final Map<String, SecretKeySpec> seen = new ConcurrentHashMap<>();

    Keyring(Database database, SecretStore store, InstantSource clock, SecureRandom random) {
        this.database = database;
        this.store = store;
        this.clock = clock;
        this.random = random;
    }

    /** What becomes of a master key. */
    enum State {
        CURRENT,
        LEAVING,
        GONE
    }

    /** A master key as the database knows it. */
    record Known(State state, Instant since) {}

    String place() {
        return store.place(NAME);
    }

    /**
     * Reads the keys, and makes the first one where there never was one.
     *
     * @throws VaultException when one that is needed is missing
     */
    synchronized void open() throws IOException {
        load();
        if (known().isEmpty()) {
            if (keys.ids().isEmpty()) {
                if (!store.writable()) {
                    throw new VaultException("there is no key for secrets in " + place()
                            + ": put one there (openssl rand -base64 32), and into your backup of keys");
                }
                add(newKey());
            }
            var first = keys.ids().iterator().next();
            database.inInstallation(connection -> {
                try (var insert = connection.prepareStatement(
                        "INSERT INTO vault_master_keys VALUES (?, 'current', ?) ON CONFLICT DO NOTHING")) {
                    insert.setString(1, first);
                    insert.setTimestamp(2, Timestamp.from(clock.instant()));
                    return insert.executeUpdate();
                }
            });
        }
        known().forEach((id, one) -> {
            if (one.state != State.GONE && keys.get(id) == null) {
                throw missing(id);
            }
        });
    }

    private VaultException missing(String id) {
        return new VaultException("the key " + id + ", which secrets are encrypted by, is not in " + place()
                + ": bring it back from a backup; without it these secrets cannot be read any more");
    }

    private synchronized void load() throws IOException {
        try (var value = store.read(NAME)) {
            took(value == null ? MasterKeys.none() : MasterKeys.parse(value.text(), place()));
        }
    }

    private synchronized void add(byte[] key) throws IOException {
        try {
            write(keys.with(key));
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private synchronized void write(MasterKeys changed) throws IOException {
        try (var text = changed.text()) {
            store.write(NAME, text);
        }
        took(changed);
    }

    private synchronized void took(MasterKeys now) {
        keys = now;
        seen.putAll(now.all());
    }

    private byte[] newKey() {
        var key = new byte[Envelope.KEY_BYTES];
        random.nextBytes(key);
        return key;
    }

    /** The key of this id; the store is asked again when it is not known yet, since another platform may have made it. */
    SecretKeySpec key(String id) {
        var key = seen.get(id);
        if (key == null) {
            key = loaded(id);
        }
        if (key == null) {
            throw missing(id);
        }
        return key;
    }

    private synchronized @Nullable SecretKeySpec loaded(String id) {
        try {
            load();
        } catch (IOException e) {
            throw new VaultException("the keys in " + place() + " cannot be read", e);
        }
        return seen.get(id);
    }

    /** The current one's id; it stays so until the transaction ends. */
    static String current(Connection connection) throws SQLException {
        try (var select =
                connection.prepareStatement("SELECT key_id FROM vault_master_keys WHERE state = 'current' FOR SHARE")) {
            // While another takes its place, the row that was waited for is none any more: then the new one is there.
            for (int i = 0; i < 3; i++) {
                try (var rows = select.executeQuery()) {
                    if (rows.next()) {
                        return rows.getString(1);
                    }
                }
            }
        }
        throw new VaultException("the database has no current key for secrets");
    }

    /** The current one's id, now. */
    String currentId() {
        return database.inInstallation(Keyring::current);
    }

    /** All that ever were, the newest last. */
    Map<String, Known> known() {
        return database.inInstallation(connection -> {
            Map<String, Known> known = new LinkedHashMap<>();
            try (var select = connection.prepareStatement(
                            "SELECT key_id, upper(state), since FROM vault_master_keys ORDER BY since, key_id");
                    var rows = select.executeQuery()) {
                while (rows.next()) {
                    known.put(
                            rows.getString(1),
                            new Known(
                                    State.valueOf(rows.getString(2)),
                                    rows.getTimestamp(3).toInstant()));
                }
            }
            return known;
        });
    }

    /**
     * Makes a new key the current one; where the store cannot be written, one that was put there beside those in use.
     *
     * @throws VaultException when there is none
     */
    synchronized String replace(TenantId acting, AuditLog.Entry entry) throws IOException {
        load();
        var known = known();
        var unused = keys.ids().stream().filter(id -> !known.containsKey(id)).findFirst();
        if (unused.isEmpty()) {
            if (!store.writable()) {
                throw new VaultException("there is no new key in " + place()
                        + ": put one there (openssl rand -base64 32), a comma and then the old one, and start again");
            }
            add(newKey());
        }
        var next = unused.orElseGet(() -> keys.ids().iterator().next());
        return database.inInstallation(acting, connection -> {
            AuditLog.append(connection, acting, entry);
            try (var leave = connection.prepareStatement(
                            "UPDATE vault_master_keys SET state = 'leaving' WHERE state = 'current'");
                    var insert =
                            connection.prepareStatement("INSERT INTO vault_master_keys VALUES (?, 'current', ?)")) {
                leave.executeUpdate();
                insert.setString(1, next);
                insert.setTimestamp(2, Timestamp.from(clock.instant()));
                insert.executeUpdate();
            }
            return next;
        });
    }

    /** Lets go those that leave and encrypt nothing any more, and takes what is gone out of the store. */
    synchronized void release(Set<String> used) throws IOException {
        var free = known().entrySet().stream()
                .filter(one -> one.getValue().state == State.LEAVING && !used.contains(one.getKey()))
                .map(Map.Entry::getKey)
                .toArray(String[]::new);
        database.inInstallation(connection -> {
            try (var gone = connection.prepareStatement(
                    "UPDATE vault_master_keys SET state = 'gone' WHERE state = 'leaving' AND key_id = ANY (?)")) {
                gone.setArray(1, connection.createArrayOf("text", free));
                return gone.executeUpdate();
            }
        });
        load();
        var gone = known().entrySet().stream()
                .filter(one -> one.getValue().state == State.GONE && keys.get(one.getKey()) != null)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        if (!gone.isEmpty() && store.writable()) {
            write(keys.without(gone));
        }
    }
}
