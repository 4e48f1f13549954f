package io.marsad.soc.entity;

import io.marsad.db.Database;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.alert.Alert;
import io.marsad.soc.alert.AlertFilter;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.entity.EntityPage.Moment;
import io.marsad.soc.risk.EntityKey;
import io.marsad.soc.risk.Promotion;
import io.marsad.soc.risk.RiskQueue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What is known of entities of the tenant of the running {@link CallerScope}. Thread-safe. */
public final class Entities {
    /** Alerts that a page has. */
    public static final int MOST_ALERTS = 50;

    /** The newest alerts of an entity, whose neighbours are counted. */
    public static final int MOST_READ = 1_000;

    /** A graph is of the alerts of so many days. */
    public static final int DAYS = 30;

    private static final int MOST_NEIGHBOURS = 50;
    private static final int MOST_MOMENTS = 100;

    private final Database database;
    private final Alerts alerts;
    private final RiskQueue risk;
    private final InstantSource clock;

    public Entities(Database database, Alerts alerts, RiskQueue risk, InstantSource clock) {
        this.database = database;
        this.alerts = alerts;
        this.risk = risk;
        this.clock = clock;
    }

    /** How far back the course of risk goes, and how far apart its points are. */
    public enum Span {
        DAY("1d", Duration.ofDays(1), Duration.ofMinutes(15)),
        WEEK("7d", Duration.ofDays(7), Duration.ofHours(1)),
        MONTH("30d", Duration.ofDays(30), Duration.ofHours(2));

        private final String word;
        private final Duration length;
        private final Duration step;

        Span(String word, Duration length, Duration step) {
            this.word = word;
            this.length = length;
            this.step = step;
        }

        /** @throws IllegalArgumentException for any other word */
        public static Span ofWord(String word) {
            return Stream.of(values())
                    .filter(span -> span.word.equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("a span is 1d, 7d or 30d"));
        }
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 when no alert names it */
    public EntityPage page(EntityKey entity, Span span) {
        var filter = new AlertFilter(
                AlertFilter.ALL.status(), AlertFilter.ALL.severity(), null, entity.key(), null, null, null, null);
        var newest = alerts.list(filter, MOST_ALERTS, null).alerts().stream()
                .filter(alert -> names(alert, entity))
                .toList();
        var course = entity.bearsRisk() ? risk.course(entity, span.length, span.step) : null;
        var promotions = risk.promotions(entity);
        var tenant = CallerScope.tenant();
        return database.inCallerTenant(connection -> {
            var rows = new EntityRows(connection, tenant);
            var facts = rows.facts(entity);
            if (facts == null) {
                throw notFound();
            }
            var history = rows.history(newest.stream().map(Alert::id).toList(), MOST_MOMENTS);
            return new EntityPage(
                    entity,
                    value(entity, newest),
                    facts,
                    course,
                    promotions,
                    newest,
                    timeline(newest, promotions, history),
                    rows.neighbours(entity, MOST_READ, MOST_NEIGHBOURS));
        });
    }

    /**
     * What alerts connect with an entity.
     *
     * @param hops 1 or 2
     * @throws io.marsad.kernel.problem.ProblemException 404 when no alert names it
     */
    public EntityGraph graph(EntityKey entity, int hops) {
        var since = clock.instant().minus(Duration.ofDays(DAYS));
        var tenant = CallerScope.tenant();
        var surroundings = database.inCallerTenant(connection -> {
            var rows = new EntityRows(connection, tenant);
            if (rows.facts(entity) == null) {
                throw notFound();
            }
            return Surroundings.read(rows, entity, since);
        });
        return surroundings.graph(entity, hops, risk.bands(surroundings.near(hops)));
    }

    private static RuntimeException notFound() {
        return Problem.notFound("No alert names it.").asException();
    }

    private static boolean names(Alert alert, EntityKey entity) {
        return alert.entities().stream().anyMatch(one -> EntityKey.of(one).equals(entity));
    }

    private static String value(EntityKey entity, List<Alert> newest) {
        return newest.stream()
                .flatMap(alert -> alert.entities().stream())
                .filter(one -> EntityKey.of(one).equals(entity))
                .map(io.marsad.soc.alert.Entity::value)
                .findFirst()
                .orElse(entity.key());
    }

    private static List<Moment> timeline(List<Alert> alerts, List<Promotion> promotions, List<Moment> history) {
        var all = new ArrayList<>(history);
        for (var alert : alerts) {
            all.add(new Moment(alert.time(), "fired", alert.id(), alert.title(), null));
        }
        for (var promotion : promotions) {
            var text = "Risk " + promotion.score() + " by " + promotion.alerts().size()
                    + (promotion.alerts().size() == 1 ? " alert" : " alerts");
            all.add(new Moment(promotion.at(), "promoted", null, text, null));
        }
        all.sort(Comparator.comparing(Moment::at)
                .reversed()
                .thenComparing(Moment::kind)
                .thenComparing(moment -> String.valueOf(moment.alert())));
        return all.subList(0, Math.min(all.size(), MOST_MOMENTS));
    }
}
