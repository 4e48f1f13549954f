package io.marsad.respond.trigger;

import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.durable.Turn;
import io.marsad.soc.alert.Alert;
import io.marsad.soc.alert.AlertReading;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.Evidence;
import io.marsad.soc.cases.CaseReading;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an alert or a case tells a playbook that is started about it: values of external variables by their names. What
 * nothing is known of is left out. A value is an attacker's word and goes where values of variables go, nowhere else.
 *
 * @param about {@code alert:UUID} or {@code case:UUID}
 * @param title of the alert or case
 * @param values by name, the most telling first: a variable takes the first that is of its type
 */
public record Given(String about, String title, Map<String, List<String>> values) {
    private static final Pattern ABOUT =
            Pattern.compile("(alert|case):([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})");

    /** Names of variables that have a source; all others are given by hand. */
    public static final Set<String> NAMES = Collections.unmodifiableSet(new LinkedHashSet<>(List.of(
            "__alert_id__",
            "__case_id__",
            "__title__",
            "__severity__",
            "__rule__",
            "__host__",
            "__user__",
            "__source_ip__",
            "__destination_ip__",
            "__address__",
            "__domain__",
            "__url__",
            "__email__",
            "__file__",
            "__file_hash__",
            "__process__",
            "__pid__",
            "__command__",
            "__container__",
            "__account__")));

    public Given {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        values.forEach((name, all) -> copy.put(name, List.copyOf(all)));
        values = Collections.unmodifiableMap(copy);
    }

    /**
     * As it is now.
     *
     * @param about {@code alert:UUID} or {@code case:UUID}
     * @return null when it is neither, or the tenant has none such
     */
    public static @Nullable Given of(Turn turn, String about) throws SQLException {
        var matcher = ABOUT.matcher(about);
        if (!matcher.matches()) {
            return null;
        }
        var id = List.of(UUID.fromString(matcher.group(2)));
        if (matcher.group(1).equals("case")) {
            var found = CaseReading.of(turn.connection(), turn.tenant(), id);
            return found.isEmpty() ? null : of(found.getFirst());
        }
        var found = AlertReading.of(turn.connection(), turn.tenant(), id);
        return found.isEmpty()
                ? null
                : of(
                        found.getFirst(),
                        CaseReading.casesOf(turn.connection(), turn.tenant(), id)
                                .get(id.getFirst()));
    }

    /** @param kase that the alert is in; null: none */
    static Given of(AlertReading reading, @Nullable UUID kase) {
        var alert = reading.alert();
        var all = new Collected();
        all.put("__alert_id__", alert.id().uuid().toString());
        all.put("__case_id__", kase == null ? null : kase.toString());
        all.put("__title__", alert.title());
        all.put("__severity__", alert.severity().word());
        all.put("__rule__", alert.ruleId());
        reading.evidence().stream()
                .sorted(Comparator.comparing(Evidence::time).reversed())
                .map(Evidence::facts)
                .forEach(all::process);
        all.entities(alert);
        return new Given("alert:" + alert.id().uuid(), alert.title(), all.values);
    }

    static Given of(CaseReading reading) {
        var kase = reading.kase();
        var all = new Collected();
        if (!reading.alerts().isEmpty()) {
            all.put("__alert_id__", reading.alerts().getFirst().id().uuid().toString());
            all.put("__rule__", reading.alerts().getFirst().ruleId());
        }
        all.put("__case_id__", kase.id().uuid().toString());
        all.put("__title__", kase.title());
        all.put("__severity__", kase.severity().word());
        reading.alerts().forEach(all::entities);
        return new Given("case:" + kase.id().uuid(), kase.title(), all.values);
    }

    /**
     * What a run of the playbook is begun with: its external variables.
     *
     * @param byHand goes before what the alert or case tells, also when it is no value (null)
     */
    public Map<String, @Nullable String> with(Playbook playbook, Map<String, @Nullable String> byHand) {
        Map<String, @Nullable String> given = new LinkedHashMap<>(byHand);
        for (var variable : playbook.variables().values()) {
            if (variable.external() && !byHand.containsKey(variable.name())) {
                values.getOrDefault(variable.name(), List.of()).stream()
                        .filter(variable.type()::takes)
                        .findFirst()
                        .ifPresent(value -> given.put(variable.name(), value));
            }
        }
        return given;
    }

    /** Values as they are found. */
    private static final class Collected {
        private final Map<String, List<String>> values = new LinkedHashMap<>();

        void put(String name, @Nullable String value) {
            if (value != null && !value.isBlank()) {
                var all = values.computeIfAbsent(name, _ -> new ArrayList<>());
                if (!all.contains(value)) {
                    all.add(value);
                }
            }
        }

        /**
         * The process that did something: the one that was started, else the one that acted on another. Name and number
         * are of the same event, so that nobody ends a process by the name of one and the number of another.
         */
        void process(Map<String, String> facts) {
            if (values.containsKey("__process__")) {
                return;
            }
            boolean acted = facts.containsKey("actor")
                    && facts.containsKey("activity")
                    && !facts.getOrDefault("activity", "").startsWith("Launch");
            var path = facts.get(acted || !facts.containsKey("process") ? "actor" : "process");
            if (path != null) {
                put("__process__", name(path));
                put("__pid__", facts.get(path.equals(facts.get("process")) && !acted ? "pid" : "actor_pid"));
                put("__command__", acted ? null : facts.get("command"));
            }
        }

        void entities(Alert alert) {
            for (var entity : alert.entities()) {
                switch (entity.kind()) {
                    case HOST -> put("__host__", entity.value());
                    case USER -> put("__user__", entity.value());
                    case IP -> address(entity);
                    case DOMAIN -> put("__domain__", entity.value());
                    case HASH -> put("__file_hash__", entity.value());
                    case URL -> put("__url__", entity.value());
                    case EMAIL -> put("__email__", entity.value());
                    case PROCESS -> put("__process__", name(entity.value()));
                    case FILE -> put("__file__", entity.value());
                    case CONTAINER -> put("__container__", entity.value());
                    case ACCOUNT -> put("__account__", entity.value());
                }
            }
            var hashes = values.get("__file_hash__");
            if (hashes != null) { // SHA-256 tells most
                hashes.sort(Comparator.comparing(hash -> hash.length() != 64));
            }
        }

        private void address(Entity entity) {
            put("__address__", entity.value());
            if (entity.field().endsWith("src_endpoint.ip")) {
                put("__source_ip__", entity.value());
            } else if (entity.field().endsWith("dst_endpoint.ip")) {
                put("__destination_ip__", entity.value());
            }
        }

        private static String name(String path) {
            int at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
            return at < 0 || at == path.length() - 1 ? path : path.substring(at + 1);
        }
    }
}
