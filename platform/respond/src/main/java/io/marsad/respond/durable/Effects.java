package io.marsad.respond.durable;

import io.marsad.db.audit.AuditLog;
import io.marsad.db.outbox.Outbox;
import io.marsad.respond.run.RunEvent;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a transaction says to others: runs are told, the outbox is put into, the audit log is written, those who look on hear of it. It is collected and
 * written at the end, in a few statements however much there is, so that whoever else appends to the tenant's audit log
 * waits shortly. Not thread-safe.
 */
final class Effects {
    private final Turn turn;
    private final List<RunRows.Event> events = new ArrayList<>();
    private final Map<Instant, Map<String, Set<UUID>>> due = new TreeMap<>();
    private final List<AuditLog.Entry> entries = new ArrayList<>();
    private final Set<UUID> runs = new LinkedHashSet<>();
    private final Set<UUID> actions = new LinkedHashSet<>();

    Effects(Turn turn) {
        this.turn = turn;
    }

    Turn turn() {
        return turn;
    }

    /** A run is told, and goes on now. */
    void tell(UUID run, RunEvent event) {
        events.add(new RunRows.Event(run, event));
        due(Runs.QUEUE, turn.now(), run);
    }

    /** It comes up in a queue then. */
    void due(String queue, Instant at, UUID subject) {
        due.computeIfAbsent(at, _ -> new TreeMap<>())
                .computeIfAbsent(queue, _ -> new LinkedHashSet<>())
                .add(subject);
    }

    /** @param detail names and values in turns */
    void audit(String actor, String action, String object, @Nullable String... detail) {
        var node = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < detail.length; i += 2) {
            node.put(String.valueOf(detail[i]), detail[i + 1]);
        }
        entries.add(new AuditLog.Entry(turn.now(), actor, action, object, node.toString()));
    }

    /** Whoever looks on at a run looks again. */
    void runChanged(UUID run) {
        runs.add(run);
    }

    /** Whoever looks on at an action looks again. */
    void actionChanged(UUID action) {
        actions.add(action);
    }

    void write() throws SQLException {
        RunRows.putEvents(turn, events);
        for (var at : due.entrySet()) {
            for (var queue : at.getValue().entrySet()) {
                Outbox.put(turn.connection(), turn.tenant(), at.getKey(), List.of(queue.getKey()), queue.getValue());
            }
        }
        if (!entries.isEmpty()) {
            AuditLog.append(turn.connection(), turn.tenant(), entries);
        }
        if (!runs.isEmpty() || !actions.isEmpty()) {
            LiveNews.tell(turn, runs, actions);
        }
        events.clear();
        due.clear();
        entries.clear();
        runs.clear();
        actions.clear();
    }
}
