package io.marsad.server.pipeline;

import io.marsad.ingest.worker.Finding;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.Labels;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Detection;
import io.marsad.soc.alert.Match;
import io.marsad.soc.alert.RuleOrigin;
import io.marsad.soc.alert.RuleSnapshot;
import io.marsad.soc.indicator.Listed;
import io.marsad.soc.indicator.Sighting;
import io.marsad.soc.indicator.Sightings;
import io.marsad.soc.suppression.Firing;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * What was listed is counted as seen, and fires. Of one indicator at most twenty events of a step fire: its alert counts no
 * more then, its sightings do.
 */
final class ListedFirings {
    private static final int MOST_FIRINGS = 20;
    private static final int HIGH = 80;
    private static final int MEDIUM = 50;

    private ListedFirings() {}

    /** @param now what is not looked for at this time is left out */
    static List<Firing> of(Connection connection, TenantId tenant, List<Finding.OnListed> found, Instant now)
            throws SQLException {
        if (found.isEmpty()) {
            return List.of();
        }
        var numbers = new LinkedHashSet<Integer>();
        found.forEach(one -> numbers.add(one.indicator()));
        var live = Sightings.live(connection, tenant.value(), numbers, now);
        var byIndicator = new LinkedHashMap<Listed, Map<EventId, List<Finding.OnListed>>>();
        for (var one : found) {
            var indicator = live.get(one.indicator());
            if (indicator != null) {
                byIndicator
                        .computeIfAbsent(indicator, _ -> new LinkedHashMap<>())
                        .computeIfAbsent(one.event(), _ -> new ArrayList<>())
                        .add(one);
            }
        }
        var firings = new ArrayList<Firing>();
        for (var one : byIndicator.entrySet()) {
            var seen = one.getValue().values().stream()
                    .map(some -> sighting(some.getFirst()))
                    .toList();
            Sightings.add(connection, tenant.value(), one.getKey(), seen.size(), seen);
            if (one.getKey().about().confidence() > 0) { // what is known to be good is only counted
                one.getValue().values().stream()
                        .limit(MOST_FIRINGS)
                        .forEach(some -> firings.add(firing(one.getKey(), some)));
            }
        }
        return firings;
    }

    private static Sighting sighting(Finding.OnListed one) {
        var batch = one.events();
        return new Sighting(
                one.event(),
                Instant.ofEpochMilli(batch.time(one.row())),
                field(one),
                new Match("", batch.text(one.entry()), "", "").value());
    }

    private static String field(Finding.OnListed one) {
        return Field.byId(one.events().field(one.entry())).path();
    }

    private static Firing firing(Listed indicator, List<Finding.OnListed> some) {
        var first = some.getFirst();
        var matches = new ArrayList<Match>();
        for (var one : some) {
            var value = indicator.value();
            var pattern = value.type() + " " + value.text();
            matches.add(new Match(field(one), one.events().text(one.entry()), "indicator", pattern));
        }
        boolean synthetic = Labels.synthetic(first.events(), first.row());
        var detection = Detection.onEvent(rule(indicator), first.events(), first.row(), matches, synthetic);
        return new Firing(detection, () -> List.of(new Firing.Place(first.events(), first.row())));
    }

    /** Each indicator is a rule of its own: so it is told apart, suppressed, and has a record of its own. */
    private static RuleSnapshot rule(Listed indicator) {
        var value = indicator.value();
        var about = indicator.about();
        var source = "indicator: " + value.text() + "\ntype: " + value.type() + "\nconfidence: " + about.confidence()
                + "\ntlp: " + about.tlp().word() + "\nsource: " + quoted(about.source()) + "\n";
        return new RuleSnapshot(
                "indicator:" + indicator.id(),
                "Listed " + word(value.type()) + " " + value.text() + " was seen",
                level(about.confidence()),
                null,
                about.description().isBlank() ? null : about.description(),
                about.source(),
                about.tags(),
                List.of(),
                List.of(),
                source,
                RuleOrigin.UNKNOWN);
    }

    private static String level(int confidence) {
        return confidence >= HIGH ? "high" : confidence >= MEDIUM ? "medium" : "low";
    }

    private static String word(String type) {
        return switch (type) {
            case "ip" -> "address";
            case "hash" -> "file hash";
            case "url" -> "link";
            case "email" -> "mailbox";
            default -> type;
        };
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
