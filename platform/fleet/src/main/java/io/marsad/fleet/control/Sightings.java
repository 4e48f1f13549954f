package io.marsad.fleet.control;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * When endpoints were heard last, and what their spools lost: kept in memory and written together, for each endpoint once
 * a minute, or at the next occasion when it lost more. Thread-safe.
 */
public final class Sightings {
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final Database database;
    private final InstantSource clock;
    private final ConcurrentMap<Key, Seen> seen = new ConcurrentHashMap<>();
    private final Map<Key, Seen> written = new HashMap<>(); // of who flushes
    private final ConcurrentMap<Key, UUID> through = new ConcurrentHashMap<>();

    private record Key(TenantId tenant, UUID endpoint) {}

    private record Seen(Instant at, Lost lost, long waitingRecords, long waitingBytes) {}

    /** What a spool could not keep since it was begun. */
    public record Lost(long records, long bytes) {}

    public Sightings(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    public void heard(TenantId tenant, UUID endpoint, Lost lost) {
        heard(tenant, endpoint, lost, 0, 0);
    }

    /** A relay, with what waits there. */
    public void heard(TenantId tenant, UUID relay, Lost lost, long waitingRecords, long waitingBytes) {
        seen.put(new Key(tenant, relay), new Seen(clock.instant(), lost, waitingRecords, waitingBytes));
    }

    /** An endpoint listens at a relay. */
    public void through(TenantId tenant, UUID endpoint, UUID relay) {
        through.put(new Key(tenant, endpoint), relay);
    }

    /** Writes what is due. */
    public synchronized void flush() {
        ways();
        Map<TenantId, List<Map.Entry<Key, Seen>>> due = new HashMap<>();
        for (var one : seen.entrySet()) {
            var before = written.get(one.getKey());
            var now = one.getValue();
            if (before == null || !now.at.isBefore(before.at.plus(EVERY)) || !now.lost.equals(before.lost)) {
                due.computeIfAbsent(one.getKey().tenant, _ -> new ArrayList<>()).add(Map.entry(one.getKey(), now));
            }
        }
        due.forEach((tenant, those) -> {
            write(tenant, those);
            those.forEach(one -> written.put(one.getKey(), one.getValue()));
        });
        var old = clock.instant().minus(EVERY.multipliedBy(5));
        seen.entrySet().removeIf(one -> one.getValue().at.isBefore(old));
        written.keySet().retainAll(seen.keySet());
    }

    private void ways() {
        Map<TenantId, Map<UUID, UUID>> due = new HashMap<>();
        Map.copyOf(through)
                .forEach((key, relay) ->
                        due.computeIfAbsent(key.tenant, _ -> new HashMap<>()).put(key.endpoint, relay));
        due.forEach((tenant, ways) -> {
            database.inTenant(tenant, connection -> {
                try (var update = connection.prepareStatement("UPDATE endpoints e SET relay_id = w.relay"
                        + " FROM unnest(?::uuid[], ?::uuid[]) AS w (id, relay) WHERE e.tenant_id = ?"
                        + " AND e.endpoint_id = w.id AND e.relay_id IS DISTINCT FROM w.relay")) {
                    update.setArray(
                            1, connection.createArrayOf("uuid", ways.keySet().toArray()));
                    update.setArray(
                            2, connection.createArrayOf("uuid", ways.values().toArray()));
                    update.setString(3, tenant.value());
                    return update.executeUpdate();
                }
            });
            ways.forEach((endpoint, relay) -> through.remove(new Key(tenant, endpoint), relay));
        });
    }

    private void write(TenantId tenant, List<Map.Entry<Key, Seen>> those) {
        database.inTenant(tenant, connection -> {
            var ids = those.stream().map(one -> one.getKey().endpoint).toArray();
            var times =
                    those.stream().map(one -> Timestamp.from(one.getValue().at)).toArray();
            var records = those.stream().map(one -> one.getValue().lost.records).toArray();
            var bytes = those.stream().map(one -> one.getValue().lost.bytes).toArray();
            var waiting =
                    those.stream().map(one -> one.getValue().waitingRecords).toArray();
            var waitingBytes =
                    those.stream().map(one -> one.getValue().waitingBytes).toArray();
            try (var update = connection.prepareStatement(
                    "UPDATE endpoints e SET last_seen_at = s.at,"
                            + " lost_records = s.records, lost_bytes = s.bytes,"
                            + " waiting_records = s.waiting, waiting_bytes = s.waiting_bytes"
                            + " FROM unnest(?::uuid[], ?::timestamptz[], ?::bigint[], ?::bigint[], ?::bigint[],"
                            + " ?::bigint[])"
                            + " AS s (id, at, records, bytes, waiting, waiting_bytes) WHERE e.tenant_id = ? AND e.endpoint_id = s.id")) {
                update.setArray(1, connection.createArrayOf("uuid", ids));
                update.setArray(2, connection.createArrayOf("timestamptz", times));
                update.setArray(3, connection.createArrayOf("bigint", records));
                update.setArray(4, connection.createArrayOf("bigint", bytes));
                update.setArray(5, connection.createArrayOf("bigint", waiting));
                update.setArray(6, connection.createArrayOf("bigint", waitingBytes));
                update.setString(7, tenant.value());
                return update.executeUpdate();
            }
        });
    }
}
