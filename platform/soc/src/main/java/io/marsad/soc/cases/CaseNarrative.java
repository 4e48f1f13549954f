package io.marsad.soc.cases;

import io.marsad.soc.alert.Alert;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.correlate.Tactic;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;

/**
 * Tells in words what a case is about, from its alerts and links alone; the same for the same ones, in whatever order they
 * are given. Nothing is asked of anybody.
 */
final class CaseNarrative {
    /** Changes with anything that changes what is told of the same case. */
    static final int VERSION = 1;

    private static final int MOST_SHARED = 3;
    private static final int MAX_TITLE = 120;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Set<Entity.Kind> TOLD = EnumSet.of(
            Entity.Kind.HOST,
            Entity.Kind.USER,
            Entity.Kind.IP,
            Entity.Kind.DOMAIN,
            Entity.Kind.EMAIL,
            Entity.Kind.CONTAINER,
            Entity.Kind.ACCOUNT);

    private CaseNarrative() {}

    static String of(List<Case.Linked> linked, List<Case.Link> links) {
        var alerts = linked.stream()
                .map(Case.Linked::alert)
                .sorted(Comparator.comparing(Alert::firstTime)
                        .thenComparing(alert -> alert.id().toString()))
                .toList();
        if (alerts.isEmpty()) {
            return "There is no alert in this case.";
        }
        var text = new StringBuilder(512);
        opening(text, alerts);
        steps(text, alerts);
        shared(text, alerts);
        why(text, links);
        return text.toString();
    }

    private static void opening(StringBuilder text, List<Alert> alerts) {
        var from = alerts.getFirst().firstTime();
        var to = alerts.stream().map(Alert::time).max(Comparator.naturalOrder()).orElse(from);
        var worst = alerts.stream()
                .map(Alert::severity)
                .max(Comparator.naturalOrder())
                .orElse(Severity.INFORMATIONAL);
        long rules = alerts.stream().map(Alert::ruleId).distinct().count();
        if (alerts.size() == 1) {
            text.append("One alert of ")
                    .append(worst.word())
                    .append(" severity, at ")
                    .append(TIME.format(from));
        } else {
            text.append(alerts.size())
                    .append(" alerts of ")
                    .append(rules == 1 ? "one rule" : rules + " rules")
                    .append(times(from, to))
                    .append(", the worst of ")
                    .append(worst.word())
                    .append(" severity");
        }
        text.append('.');
    }

    private static String times(Instant from, Instant to) {
        return from.equals(to)
                ? " at " + TIME.format(from)
                : " between " + TIME.format(from) + " and " + TIME.format(to);
    }

    /** In the order in which an attack usually comes to them, each with what was seen of it first. */
    private static void steps(StringBuilder text, List<Alert> alerts) {
        var steps = new TreeMap<Tactic, List<Alert>>();
        for (Alert alert : alerts) {
            var tactics = EnumSet.noneOf(Tactic.class);
            alert.attack().forEach(technique -> tactics.addAll(Tactic.ofTechnique(technique)));
            tactics.forEach(tactic ->
                    steps.computeIfAbsent(tactic, _ -> new ArrayList<>()).add(alert));
        }
        if (steps.isEmpty()) {
            var first = alerts.getFirst();
            text.append(alerts.size() == 1 ? " It is " : " It begins with ")
                    .append(quoted(first.title()))
                    .append('.');
            return;
        }
        var told = new ArrayList<String>();
        steps.forEach((tactic, some) -> {
            var first = some.getFirst();
            told.add(tactic.title() + " (" + quoted(first.title()) + " at " + TIME.format(first.firstTime())
                    + (some.size() > 1 ? " and " + (some.size() - 1) + " more" : "") + ')');
        });
        text.append(" Steps of an attack in it: ")
                .append(String.join(", ", told))
                .append('.');
    }

    /** @param value as the first of its spellings by the alphabet */
    private record Name(String kind, String value, long alerts) {
        Name and(Name other) {
            return new Name(kind, value.compareTo(other.value) <= 0 ? value : other.value, alerts + other.alerts);
        }
    }

    /** Whom most of the alerts name, those that several name. */
    private static void shared(StringBuilder text, List<Alert> alerts) {
        var names = new TreeMap<String, Name>();
        for (Alert alert : alerts) {
            var seen = new HashSet<String>();
            for (Entity entity : alert.entities()) {
                var key = entity.kind().word() + ' ' + entity.key();
                if (TOLD.contains(entity.kind())) {
                    names.merge(key, new Name(entity.kind().word(), entity.value(), seen.add(key) ? 1 : 0), Name::and);
                }
            }
        }
        var several = names.values().stream()
                .filter(one -> alerts.size() == 1 || one.alerts > 1)
                .sorted(Comparator.comparing(Name::alerts)
                        .reversed()
                        .thenComparing(Name::kind)
                        .thenComparing(Name::value))
                .toList();
        if (several.isEmpty()) {
            return;
        }
        var told = several.stream()
                .limit(MOST_SHARED)
                .map(name -> name.kind
                        + ' '
                        + clean(name.value)
                        + (alerts.size() == 1 ? "" : " (" + name.alerts + " of " + alerts.size() + ")"))
                .toList();
        text.append(alerts.size() == 1 ? " It names " : " Several name ").append(String.join(", ", told));
        if (several.size() > MOST_SHARED) {
            text.append(" and ").append(several.size() - MOST_SHARED).append(" more");
        }
        text.append('.');
    }

    private static void why(StringBuilder text, List<Case.Link> links) {
        links.stream()
                .filter(Case.Link::joins)
                .min(Comparator.comparing(Case.Link::weight)
                        .reversed()
                        .thenComparing(link -> link.earlier().toString())
                        .thenComparing(link -> link.later().toString()))
                .ifPresent(link -> text.append(" The strongest link: ").append(link.why()));
    }

    private static String quoted(String title) {
        return '“' + clean(title) + '”';
    }

    private static String clean(String text) {
        var flat = text.replaceAll("\\s+", " ").strip();
        return flat.length() <= MAX_TITLE ? flat : flat.substring(0, MAX_TITLE - 1) + '…';
    }
}
