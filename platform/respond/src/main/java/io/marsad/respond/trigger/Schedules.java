package io.marsad.respond.trigger;

import io.marsad.db.Cron;
import io.marsad.db.outbox.Outbox;
import io.marsad.respond.cacao.Trigger;
import io.marsad.respond.durable.Starts;
import io.marsad.respond.durable.Turn;
import io.marsad.soc.alert.AlertFollowers;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Playbooks that are started at times: the next time is a row and an item of the outbox. Times that passed while nobody was
 * there start one run together. Thread-safe.
 */
final class Schedules {
    private final Starts starts;

    Schedules(Starts starts) {
        this.starts = starts;
    }

    /** @param playbooks whose time may have come, or that have changed; locked */
    void follow(Turn turn, List<Starts.Enabled> enabled, Set<UUID> playbooks) throws SQLException {
        var byId = enabled.stream().collect(Collectors.toMap(Starts.Enabled::id, Function.identity()));
        for (var playbook : playbooks) {
            var one = byId.get(playbook);
            follow(
                    turn,
                    playbook,
                    one == null
                            ? List.of()
                            : one.playbook().triggers().stream()
                                    .filter(trigger -> trigger.kind() == Trigger.Kind.SCHEDULE)
                                    .toList());
        }
    }

    /** Which of them are playbooks. */
    static Set<UUID> among(Turn turn, Collection<UUID> ids) throws SQLException {
        Set<UUID> found = new TreeSet<>();
        try (var select = turn.connection()
                .prepareStatement("SELECT playbook_id FROM playbooks WHERE tenant_id = ? AND playbook_id = ANY (?)")) {
            select.setString(1, turn.tenant().value());
            select.setArray(2, turn.connection().createArrayOf("uuid", ids.toArray()));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getObject(1, UUID.class));
                }
            }
        }
        return found;
    }

    private void follow(Turn turn, UUID playbook, List<Trigger> triggers) throws SQLException {
        var known = known(turn, playbook);
        for (var trigger : triggers) {
            var cron = String.valueOf(trigger.cron());
            var due = known.remove(cron);
            if (due == null) {
                put(turn, playbook, cron);
            } else if (!turn.now().isBefore(due)) {
                starts.start(turn, trigger, new Starts.Wanted(playbook, cron + " " + due, null, Map.of(), null));
                put(turn, playbook, cron);
            }
        }
        for (var cron : known.keySet()) {
            try (var delete = turn.connection()
                    .prepareStatement(
                            "DELETE FROM playbook_schedules WHERE tenant_id = ? AND playbook_id = ? AND cron = ?")) {
                delete.setString(1, turn.tenant().value());
                delete.setObject(2, playbook);
                delete.setString(3, cron);
                delete.executeUpdate();
            }
        }
    }

    private static Map<String, Instant> known(Turn turn, UUID playbook) throws SQLException {
        Map<String, Instant> known = new HashMap<>();
        try (var select = turn.connection()
                .prepareStatement(
                        "SELECT cron, next_at FROM playbook_schedules WHERE tenant_id = ? AND playbook_id = ?")) {
            select.setString(1, turn.tenant().value());
            select.setObject(2, playbook);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    known.put(rows.getString(1), rows.getTimestamp(2).toInstant());
                }
            }
        }
        return known;
    }

    private static void put(Turn turn, UUID playbook, String cron) throws SQLException {
        var next = Cron.parse(cron, "UTC").next(turn.now());
        try (var insert = turn.connection()
                .prepareStatement("INSERT INTO playbook_schedules VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (tenant_id, playbook_id, cron) DO UPDATE SET next_at = excluded.next_at")) {
            insert.setString(1, turn.tenant().value());
            insert.setObject(2, playbook);
            insert.setString(3, cron);
            insert.setTimestamp(4, Timestamp.from(next));
            insert.executeUpdate();
        }
        Outbox.put(turn.connection(), turn.tenant(), next, List.of(AlertFollowers.PLAYBOOKS), List.of(playbook));
    }
}
