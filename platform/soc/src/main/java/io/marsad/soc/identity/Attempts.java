package io.marsad.soc.identity;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Counts failed sign-ins per tenant and name, alike for names that exist and that do not. After five failures each further
 * try waits: 1, 2, 4 … seconds, at most 5 minutes, so that guessing is hopeless and nobody is locked out for long.
 * Forgotten after a day or by a success.
 */
final class Attempts {
    private static final int FREE = 5;
    private static final int LONGEST_SECONDS = 300;
    private static final Duration KEPT = Duration.ofDays(1);

    private final Database database;

    Attempts(Database database) {
        this.database = database;
    }

    /**
     * Counts a try as failed before it is looked at (so that many at once gain nothing). Returns how long to wait instead
     * of trying; zero when the try may go on.
     */
    Duration begin(TenantId tenant, String username, Instant at) {
        var now = at.truncatedTo(ChronoUnit.MICROS); // the database rounds up what is finer: a first try would be early
        var key = key(tenant, username);
        return database.inInstallation(connection -> {
            try (var prune = connection.prepareStatement("DELETE FROM sign_in_attempts WHERE last_at < ?")) {
                prune.setTimestamp(1, Timestamp.from(now.minus(KEPT)));
                prune.executeUpdate();
            }
            int failures = 0;
            try (var begin = connection.prepareStatement("INSERT INTO sign_in_attempts VALUES (?, 0, ?, ?)"
                    + " ON CONFLICT (attempt_key) DO UPDATE SET attempt_key = excluded.attempt_key"
                    + " RETURNING failures, free_at")) {
                begin.setBytes(1, key);
                begin.setTimestamp(2, Timestamp.from(now));
                begin.setTimestamp(3, Timestamp.from(now));
                try (var rows = begin.executeQuery()) {
                    rows.next();
                    failures = rows.getInt(1);
                    var free = rows.getTimestamp(2).toInstant();
                    if (free.isAfter(now)) {
                        return Duration.between(now, free);
                    }
                }
            }
            failures++;
            long wait = failures < FREE ? 0 : Math.min(LONGEST_SECONDS, 1L << Math.min(20, failures - FREE));
            try (var count = connection.prepareStatement(
                    "UPDATE sign_in_attempts SET failures = ?, last_at = ?, free_at = ? WHERE attempt_key = ?")) {
                count.setInt(1, failures);
                count.setTimestamp(2, Timestamp.from(now));
                count.setTimestamp(3, Timestamp.from(now.plusSeconds(wait)));
                count.setBytes(4, key);
                count.executeUpdate();
            }
            return Duration.ZERO;
        });
    }

    void succeeded(TenantId tenant, String username) {
        database.inInstallation(connection -> {
            try (var forget = connection.prepareStatement("DELETE FROM sign_in_attempts WHERE attempt_key = ?")) {
                forget.setBytes(1, key(tenant, username));
                return forget.executeUpdate();
            }
        });
    }

    private static byte[] key(TenantId tenant, String username) {
        return Secret.sha256(tenant + "\n" + username.strip().toLowerCase(Locale.ROOT));
    }
}
