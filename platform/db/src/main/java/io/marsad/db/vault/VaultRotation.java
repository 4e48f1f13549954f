package io.marsad.db.vault;

import io.marsad.db.audit.AuditLog;
import io.marsad.db.vault.VaultUse.DataKeyUse;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives secrets new keys while they are read and written. What is to be done is in the database, so that a rotation goes
 * on where it was killed, and each step may be done twice. What no longer encrypts anything is deleted at the end.
 * Thread-safe.
 */
public final class VaultRotation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VaultRotation.class);
    private static final int BATCH = 100;
    private static final Duration AGAIN = Duration.ofMinutes(1);
    private static final Duration LAST_WAIT = Duration.ofSeconds(40); // a statement has 30 s

    private final Vault vault;
    private final InstantSource clock;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("vault-rotation").factory());
    private volatile Progress progress = Progress.NONE;

    private VaultRotation(Vault vault, InstantSource clock) {
        this.vault = vault;
        this.clock = clock;
    }

    /** Which keys get new ones. */
    public enum Keys {
        /** Every tenant's data key: all secrets are encrypted anew. */
        DATA,
        /** The master key: all data keys are encrypted anew. */
        MASTER
    }

    /**
     * How far this process's rotation is.
     *
     * @param done secrets and data keys that were encrypted anew
     * @param total of so many; more when others were added meanwhile
     * @param failed secrets and data keys that do not open, and keep their old key
     * @param fault why it stopped and is tried again in a minute; empty when it did not
     */
    public record Progress(boolean running, long done, long total, long failed, String fault) {
        static final Progress NONE = new Progress(false, 0, 0, 0, "");

        private Progress more(long more, long moreFailed) {
            return new Progress(true, done + more, total, failed + moreFailed, "");
        }
    }

    /** Goes on with what was not ended, and waits for what is asked. */
    public static VaultRotation start(Vault vault, InstantSource clock) {
        var rotation = new VaultRotation(vault, clock);
        rotation.thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        rotation.thread.execute(rotation::run);
        return rotation;
    }

    /**
     * Begins, and returns at once: a new master key is in use when this returns, new data keys are soon.
     *
     * @param acting whose person asked for it
     * @param entry what their audit log says of it
     * @throws VaultException when there is no new master key and none can be made
     */
    public void begin(Keys keys, TenantId acting, AuditLog.Entry entry) throws IOException {
        switch (keys) {
            case MASTER ->
                LOG.info("secrets get a new master key, {}", vault.keyring().replace(acting, entry));
            case DATA -> {
                var from = clock.instant();
                vault.database().inInstallation(acting, connection -> {
                    AuditLog.append(connection, acting, entry);
                    try (var insert =
                            connection.prepareStatement("INSERT INTO vault_rotation (data_keys_from) VALUES (?)"
                                    + " ON CONFLICT (single) DO UPDATE SET data_keys_from = excluded.data_keys_from")) {
                        insert.setTimestamp(1, Timestamp.from(from));
                        return insert.executeUpdate();
                    }
                });
                LOG.info("secrets get new data keys");
            }
        }
        var before = progress;
        progress = new Progress(true, before.running ? before.done : 0, before.running ? before.total : 0, 0, "");
        try {
            thread.execute(this::run);
        } catch (RejectedExecutionException e) {
            throw new IOException("the platform is stopping; the rotation goes on at the next start", e);
        }
    }

    public Progress progress() {
        return progress;
    }

    private void run() {
        try {
            work();
        } catch (IOException | RuntimeException e) {
            LOG.warn("secrets do not have their new keys yet; tried again in {} s", AGAIN.toSeconds(), e);
            var now = progress;
            var fault = String.valueOf(e.getMessage());
            progress = new Progress(false, now.done, now.total, now.failed, fault);
            if (!thread.isShutdown()) {
                thread.schedule(this::run, AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private void work() throws IOException {
        var from = dataKeysFrom();
        var before = VaultUse.of(vault.database());
        var master = vault.keyring().currentId();
        long total = before.stream()
                        .filter(one -> one.leaves(from))
                        .mapToLong(DataKeyUse::secrets)
                        .sum()
                + before.stream().filter(one -> !one.master().equals(master)).count();
        progress = new Progress(total > 0, 0, total, 0, "");
        for (var one : before) {
            if (one.inUse() && one.leaves(from)) {
                inTenant(one.tenant(), connection -> vault.dataKeys().replace(connection, one.tenant(), from));
            }
        }
        for (var tenant : before.stream()
                .filter(one -> one.leaves(from))
                .map(DataKeyUse::tenant)
                .distinct()
                .toList()) {
            encrypt(tenant);
            inTenant(tenant, connection -> DataKeys.release(connection, tenant));
        }
        for (var one : VaultUse.of(vault.database())) {
            if (!one.master().equals(master) && !stopping()) {
                rewrap(one);
            }
        }
        if (!stopping()) {
            vault.keyring()
                    .release(VaultUse.of(vault.database()).stream()
                            .map(DataKeyUse::master)
                            .collect(Collectors.toSet()));
        }
        var now = progress;
        progress = new Progress(false, now.done, now.total, now.failed, "");
        if (now.total > 0) {
            LOG.info("{} of {} secrets and data keys have new keys, {} do not open", now.done, now.total, now.failed);
        }
    }

    private boolean stopping() {
        return thread.isShutdown();
    }

    private Instant dataKeysFrom() {
        return vault.database().inInstallation(connection -> {
            try (var select = connection.prepareStatement("SELECT data_keys_from FROM vault_rotation");
                    var rows = select.executeQuery()) {
                return rows.next() ? rows.getTimestamp(1).toInstant() : Instant.EPOCH;
            }
        });
    }

    private void rewrap(DataKeyUse one) {
        try {
            inTenant(one.tenant(), connection -> vault.dataKeys().rewrap(connection, one.tenant(), one.id()));
            progress = progress.more(1, 0);
        } catch (VaultException e) {
            LOG.error("a key for secrets keeps its master key", e);
            progress = progress.more(0, 1);
        }
    }

    /** Encrypts all secrets of the tenant by the key that is in use, some in a transaction. */
    private void encrypt(TenantId tenant) {
        var after = new Step("", "", 0, 0, true);
        while (after.more && !stopping()) {
            var last = after;
            after = vault.database().<Step>inTenant(tenant, connection -> step(connection, tenant, last));
            progress = progress.more(after.done, after.failed);
        }
    }

    /** @param kind of the last that was looked at, with its name: the next step begins behind it */
    private record Step(String kind, String name, int done, int failed, boolean more) {}

    private Step step(Connection connection, TenantId tenant, Step before) throws SQLException {
        var key = vault.dataKeys().inUse(connection, tenant);
        int done = 0;
        int failed = 0;
        var rows = locked(connection, tenant, key.id(), before);
        try (var update = connection.prepareStatement(
                "UPDATE vault_secrets SET data_key = ?, sealed = ? WHERE tenant_id = ? AND kind = ? AND name = ?")) {
            for (var row : rows) {
                try (var value = vault.open(
                        vault.dataKeys().get(connection, tenant, row.dataKey), tenant, row.name, row.sealed)) {
                    update.setInt(1, key.id());
                    update.setBytes(2, vault.seal(key, tenant, row.name, value));
                } catch (VaultException e) {
                    LOG.error("a secret keeps its key", e);
                    failed++;
                    continue;
                }
                update.setString(3, tenant.value());
                update.setString(4, row.name.kind());
                update.setString(5, row.name.name());
                done += update.executeUpdate();
            }
        }
        if (rows.size() < BATCH) {
            return new Step("", "", done, failed, false);
        }
        var last = rows.getLast().name;
        return new Step(last.kind(), last.name(), done, failed, true);
    }

    private record Row(SecretName name, int dataKey, byte[] sealed) {}

    private static List<Row> locked(Connection connection, TenantId tenant, int key, Step before) throws SQLException {
        try (var select = connection.prepareStatement("SELECT kind, name, data_key, sealed FROM vault_secrets"
                + " WHERE tenant_id = ? AND data_key <> ? AND (kind, name) > (?, ?) ORDER BY kind, name LIMIT " + BATCH
                + " FOR UPDATE")) {
            select.setString(1, tenant.value());
            select.setInt(2, key);
            select.setString(3, before.kind);
            select.setString(4, before.name);
            var found = new ArrayList<Row>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(new Row(
                            new SecretName(rows.getString(1), rows.getString(2)), rows.getInt(3), rows.getBytes(4)));
                }
            }
            return found;
        }
    }

    /** Statements of a tenant's transaction. */
    @FunctionalInterface
    private interface Statements {
        void run(Connection connection) throws SQLException;
    }

    private void inTenant(TenantId tenant, Statements statements) {
        vault.database().<Boolean>inTenant(tenant, connection -> {
            statements.run(connection);
            return true;
        });
    }

    /** Stops after the step that is being done; the next start goes on. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("a rotation of keys did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
