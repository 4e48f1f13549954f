package io.marsad.soc.cases;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.correlate.AlertFact;
import io.marsad.soc.correlate.Kind;
import io.marsad.soc.correlate.Observable;
import io.marsad.soc.correlate.Observables;
import io.marsad.soc.correlate.Role;
import io.marsad.soc.correlate.StopList;
import io.marsad.soc.correlate.Tactic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Alerts as grouping sees them. Stateless. */
final class CaseFacts {
    private static final Observables OBSERVABLES = new Observables(StopList.usual());

    private CaseFacts() {}

    /**
     * What is needed of an alert.
     *
     * @param open whether somebody may still have to do something about it
     * @param tags of the rule as it was when it fired
     */
    record Source(
            EventId id,
            String rule,
            String title,
            Severity severity,
            boolean open,
            Instant first,
            Instant last,
            List<Entity> entities,
            List<String> attack,
            List<String> tags) {
        Source {
            entities = List.copyOf(entities);
            attack = List.copyOf(attack);
            tags = List.copyOf(tags);
        }
    }

    static AlertFact fact(Source alert) {
        var observables = new ArrayList<Observable>();
        alert.entities().forEach(entity -> observable(entity).ifPresent(observables::add));
        OBSERVABLES
                .named(Kind.DETECTION, alert.rule(), alert.title(), Role.INVOLVED)
                .ifPresent(observables::add);
        return new AlertFact(
                alert.id().toString(),
                alert.first(),
                alert.last(),
                alert.title(),
                tactics(alert.tags(), alert.attack()),
                observables,
                Set.of());
    }

    /** All normalized names of what the alert names. */
    static Set<String> keys(AlertFact fact) {
        var keys = new TreeSet<String>();
        fact.observables().forEach(one -> one.keys().forEach(key -> keys.add(key.text())));
        return keys;
    }

    /** As the rule's tags say; where they tell techniques only, where those belong. */
    static Set<Tactic> tactics(List<String> tags, List<String> techniques) {
        var tactics = EnumSet.noneOf(Tactic.class);
        for (String tag : tags) {
            var low = tag.toLowerCase(Locale.ROOT);
            var tactic = low.startsWith("attack.") ? Tactic.ofWord(low.substring("attack.".length())) : null;
            if (tactic != null) {
                tactics.add(tactic);
            }
        }
        if (tactics.isEmpty()) {
            techniques.forEach(technique -> tactics.addAll(Tactic.ofTechnique(technique)));
        }
        return tactics;
    }

    private static Optional<Observable> observable(Entity entity) {
        var value = entity.value();
        var part = Role.INVOLVED;
        return switch (entity.kind()) {
            case HOST -> OBSERVABLES.host(new Observables.HostNames(null, null, value, null), part);
            case USER -> OBSERVABLES.account(new Observables.AccountNames(value, null, null, null, null), part);
            case EMAIL -> OBSERVABLES.account(new Observables.AccountNames(null, null, value, null, null), part);
            case IP -> OBSERVABLES.ip(value, part);
            case DOMAIN -> OBSERVABLES.domain(value, part);
            case HASH -> OBSERVABLES.file(null, null, List.of(value), part);
            case URL -> OBSERVABLES.url(value, part);
            case PROCESS, FILE -> OBSERVABLES.file(null, value, List.of(), part);
            case CONTAINER -> OBSERVABLES.named(Kind.RESOURCE, value, value, part);
            case ACCOUNT -> OBSERVABLES.directory(List.of(value), part); // a cloud's: all in it have it
        };
    }
}
