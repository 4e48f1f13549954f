package io.marsad.soc.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Alert;
import io.marsad.soc.alert.AlertStatus;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.Severity;
import io.marsad.testkit.Seed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The same is told of the same case, byte by byte, in whatever order its parts come. */
class CaseNarrativeTest {
    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00Z");
    private static final List<String> TECHNIQUES = List.of("T1059.001", "T1566", "T1021.002", "T1003", "T1486");

    private static Alert alert(
            long number, String title, Severity severity, List<Entity> entities, List<String> attack) {
        var at = TIME.plusSeconds(number % 7 * 60);
        return new Alert(
                new EventId(3, number),
                title,
                "r" + number % 3,
                severity,
                AlertStatus.NEW,
                null,
                null,
                at,
                at,
                at,
                at,
                entities,
                attack,
                1,
                1,
                "windows",
                false,
                1,
                List.of(),
                null,
                false);
    }

    private static Entity entity(Entity.Kind kind, String value) {
        return new Entity(kind, value, "field");
    }

    private static Case.Linked linked(Alert alert) {
        return new Case.Linked(alert, TIME, "system:grouping", "why");
    }

    private static Alert random(Random random, long number) {
        var entities = new ArrayList<Entity>();
        for (int n = random.nextInt(5); n > 0; n--) {
            var kinds = Entity.Kind.values();
            entities.add(entity(
                    kinds[random.nextInt(kinds.length)], (random.nextBoolean() ? "WS-" : "ws-") + random.nextInt(4)));
        }
        var attack = new ArrayList<>(TECHNIQUES);
        Collections.shuffle(attack, random);
        var severities = Severity.values();
        return alert(
                number,
                "Title " + random.nextInt(5),
                severities[random.nextInt(severities.length)],
                entities,
                attack.subList(0, random.nextInt(3)));
    }

    private static <T> List<T> shuffled(List<T> list, Random random) {
        var other = new ArrayList<>(list);
        Collections.shuffle(other, random);
        return other;
    }

    private static Case.Linked shuffled(Case.Linked one, Random random) {
        var alert = one.alert();
        return linked(new Alert(
                alert.id(),
                alert.title(),
                alert.ruleId(),
                alert.severity(),
                alert.status(),
                null,
                null,
                alert.time(),
                alert.firstTime(),
                alert.createdAt(),
                alert.updatedAt(),
                shuffled(alert.entities(), random),
                shuffled(alert.attack(), random),
                1,
                1,
                "windows",
                false,
                1,
                List.of(),
                null,
                false));
    }

    @Test
    void theSameIsToldInAnyOrder() {
        var random = new Random(Seed.of("CaseNarrativeTest").value());
        var told = new HashSet<String>();
        for (int i = 0; i < 1_500; i++) {
            var alerts = new ArrayList<Case.Linked>();
            var links = new ArrayList<Case.Link>();
            int size = random.nextInt(1, 9);
            for (int n = 0; n < size; n++) {
                alerts.add(linked(random(random, random.nextLong(1_000_000))));
                links.add(new Case.Link(
                        alerts.get(random.nextInt(n + 1)).alert().id(),
                        alerts.getLast().alert().id(),
                        random.nextInt(3) / 2.0,
                        random.nextBoolean(),
                        "Both name host ws-" + n + '.',
                        List.of()));
            }
            var narrative = CaseNarrative.of(alerts, links);
            told.add(narrative);
            for (int again = 0; again < 3; again++) {
                var others = alerts.stream().map(one -> shuffled(one, random)).toList();
                assertThat(CaseNarrative.of(shuffled(others, random), shuffled(links, random)))
                        .isEqualTo(narrative);
            }
        }
        assertThat(told).as("they are not all the same").hasSizeGreaterThan(1_000);
    }

    /** Whoever changes what is told has to give it another version. */
    @Test
    void whatIsToldChangesWithItsVersionOnly() {
        var host = entity(Entity.Kind.HOST, "ws-1");
        var first = alert(0, "Mail with a macro", Severity.MEDIUM, List.of(host), List.of("T1566.001"));
        var second = alert(
                1,
                "Encoded\nPowerShell",
                Severity.HIGH,
                List.of(host, entity(Entity.Kind.USER, "alice")),
                List.of("T1059.001"));
        var link = new Case.Link(first.id(), second.id(), 0.9, true, "Both name host ws-1.", List.of());
        assertThat(Case.Detail.NARRATIVE_VERSION + ": "
                        + CaseNarrative.of(List.of(linked(second), linked(first)), List.of(link)))
                .isEqualTo(
                        "1: 2 alerts of 2 rules between 2026-03-01 10:00:00 UTC and 2026-03-01 10:01:00 UTC, the worst"
                                + " of high severity. Steps of an attack in it: Initial Access (“Mail with a macro” at 2026-03-01"
                                + " 10:00:00 UTC), Execution (“Encoded PowerShell” at 2026-03-01 10:01:00 UTC). Several name"
                                + " host ws-1 (2 of 2). The strongest link: Both name host ws-1.");
        assertThat(CaseNarrative.of(List.of(linked(second)), List.of()))
                .isEqualTo("One alert of high severity, at 2026-03-01 10:01:00 UTC. Steps of an attack in it: Execution"
                        + " (“Encoded PowerShell” at 2026-03-01 10:01:00 UTC). It names host ws-1, user alice.");
    }
}
