package io.marsad.soc.suppression;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.CompiledPredicate;
import io.marsad.soc.alert.Detection;
import io.marsad.soc.suppression.Suppression.Hit;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes out of what was found what is not to become an alert, and counts it, in the transaction that raises the rest.
 * Suppressions are kept compiled; that they are still what is there is one short question for a batch in which something was
 * found. Thread-safe.
 */
public final class Hiding {
    private static final Logger LOG = LoggerFactory.getLogger(Hiding.class);

    private final InstantSource clock;
    private final Conditions conditions;
    private final Map<TenantId, Ready> ready = new ConcurrentHashMap<>();

    public Hiding(InstantSource clock, Conditions conditions) {
        this.clock = clock;
        this.conditions = conditions;
    }

    /** @param all those that have not expired, oldest first */
    private record Ready(long version, List<Test> all) {}

    /** Returns what is to become alerts. */
    public List<Detection> hide(Connection connection, TenantId tenant, List<Firing> firings) throws SQLException {
        if (firings.isEmpty()) {
            return List.of();
        }
        var now = Instant.ofEpochMilli(clock.millis());
        var tests = ready(connection, tenant, now).all();
        var left = new ArrayList<Detection>(firings.size());
        var hidden =
                new TreeMap<EventId, List<Hit>>(Comparator.comparing(EventId::toString)); // rows are locked in order
        for (Firing firing : firings) {
            var by = first(tests, firing, now);
            var detection = firing.detection();
            if (by == null) {
                left.add(detection);
            } else {
                hidden.computeIfAbsent(by, _ -> new ArrayList<>()).add(hit(tenant, detection, now));
            }
        }
        for (var one : hidden.entrySet()) {
            SuppressionRows.count(connection, tenant.value(), one.getKey(), one.getValue());
        }
        return left;
    }

    private static Hit hit(TenantId tenant, Detection detection, Instant now) {
        var title = detection.rule().title().replace('\0', ' ');
        return new Hit(
                detection.alertId(tenant),
                now,
                detection.time(),
                detection.rule().id(),
                title.substring(0, Math.min(512, title.length())),
                detection.evidence().getFirst().event());
    }

    private static @Nullable EventId first(List<Test> tests, Firing firing, Instant now) {
        for (Test test : tests) {
            if (test.suppression.active(now) && test.fits(firing)) {
                return test.suppression.id();
            }
        }
        return null;
    }

    private Ready ready(Connection connection, TenantId tenant, Instant now) throws SQLException {
        long version = SuppressionRows.version(connection, tenant.value());
        var known = ready.get(tenant);
        if (known != null && known.version == version) {
            return known;
        }
        var tests = new ArrayList<Test>();
        if (version > 0) {
            for (var one : SuppressionRows.list(connection, tenant.value()).reversed()) {
                if (now.isBefore(one.content().expires())) {
                    add(one, tests);
                }
            }
        }
        var made = new Ready(version, List.copyOf(tests));
        ready.put(tenant, made);
        return made;
    }

    private void add(Suppression one, List<Test> tests) {
        try {
            tests.add(Test.of(one, conditions));
        } catch (ProblemException
                | IllegalArgumentException e) { // the language has changed since: better an alert too many
            LOG.warn("suppression {} hides nothing: {}", one.id(), e.getMessage());
        }
    }

    /** A suppression and its condition; one firing at a time. */
    static final class Test {
        private final Suppression suppression;
        private final @Nullable CompiledPredicate condition;

        private Test(Suppression suppression, @Nullable CompiledPredicate condition) {
            this.suppression = suppression;
            this.condition = condition;
        }

        static Test of(Suppression suppression, Conditions conditions) {
            var query = suppression.content().query();
            return new Test(suppression, query.isEmpty() ? null : CompiledPredicate.of(conditions.read(query)));
        }

        synchronized boolean fits(Firing firing) {
            var content = suppression.content();
            var detection = firing.detection();
            if (!content.rules().isEmpty()
                    && !content.rules().contains(detection.rule().id())) {
                return false;
            }
            var entity = content.entity();
            if (entity != null
                    && detection.entities().stream()
                            .noneMatch(one -> one.key().equals(entity.toLowerCase(Locale.ROOT)))) {
                return false;
            }
            var test = condition;
            if (test == null) {
                return true;
            }
            var events = firing.events().get();
            return !events.isEmpty() && events.stream().allMatch(place -> test.test(place.batch(), place.row()));
        }
    }
}
