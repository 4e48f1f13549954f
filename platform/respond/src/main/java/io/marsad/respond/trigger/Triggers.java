package io.marsad.respond.trigger;

import io.marsad.db.Database;
import io.marsad.db.outbox.Claim;
import io.marsad.db.outbox.Follower;
import io.marsad.db.outbox.OutboxRunner;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.respond.cacao.Trigger;
import io.marsad.respond.durable.PlaybookShelf;
import io.marsad.respond.durable.Starts;
import io.marsad.respond.durable.Turn;
import io.marsad.soc.alert.AlertFollowers;
import io.marsad.soc.alert.AlertReading;
import io.marsad.soc.alert.AlertStatus;
import io.marsad.soc.cases.CaseReading;
import io.marsad.soc.suppression.Conditions;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Starts playbooks: on alerts and cases, which put themselves into the queue with their own transaction, and by schedules,
 * whose next time is an item of the same queue. Runs, counters and the end of the items are one transaction, and the id of a
 * run comes of playbook and subject: whatever is killed, each subject starts each playbook once. Thread-safe.
 */
public final class Triggers implements Follower {
    private static final int AT_ONCE = 100;
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final int TENANTS = 8;

    private final Database database;
    private final Starts starts;
    private final Schedules schedules;
    private final When when;
    private final InstantSource clock;

    public Triggers(Database database, PlaybookShelf shelf, Conditions conditions, InstantSource clock) {
        this.database = database;
        this.starts = new Starts(shelf);
        this.schedules = new Schedules(starts);
        this.when = new When(conditions);
        this.clock = clock;
    }

    /** For the runner of the outbox. */
    public OutboxRunner.Following following() {
        return new OutboxRunner.Following(AlertFollowers.PLAYBOOKS, this, AT_ONCE, LEASE, TENANTS);
    }

    /** @param chain the runs because of which it is there */
    private record Subject(Trigger.Kind kind, EventBatch row, Given given, Starts.@Nullable Chain chain) {}

    /** What starts which playbook, and why. */
    private record Fitting(Starts.Enabled playbook, Trigger trigger, Subject subject) {}

    @Override
    public void follow(Claim claim) {
        var now = Instant.ofEpochMilli(clock.millis());
        database.inTenant(claim.tenant(), connection -> {
            var turn = new Turn(connection, claim.tenant(), now);
            var enabled = starts.enabled(turn);
            var playbooks = Schedules.among(turn, claim.subjects());
            var fitting = new ArrayList<Fitting>();
            if (asks(enabled, Trigger.Kind.ALERT) || asks(enabled, Trigger.Kind.CASE)) {
                for (var subject : subjects(turn, claim.subjects())) {
                    fitting.addAll(fitting(turn, enabled, subject));
                }
            }
            var locked = new TreeSet<>(playbooks);
            fitting.forEach(one -> locked.add(one.playbook().id()));
            Starts.lock(turn, locked);
            schedules.follow(turn, enabled, playbooks);
            for (var one : fitting) {
                start(turn, one);
            }
            claim.done(connection);
            return true;
        });
    }

    private static boolean asks(List<Starts.Enabled> enabled, Trigger.Kind kind) {
        return enabled.stream()
                .anyMatch(one -> one.playbook().triggers().stream().anyMatch(trigger -> trigger.kind() == kind));
    }

    /** Those of alerts and cases that somebody still has to do something about. */
    private static List<Subject> subjects(Turn turn, Collection<UUID> ids) throws SQLException {
        var subjects = new ArrayList<Subject>();
        var cases = CaseReading.casesOf(turn.connection(), turn.tenant(), ids);
        for (var reading : AlertReading.of(turn.connection(), turn.tenant(), ids)) {
            if (reading.alert().status() != AlertStatus.RESOLVED) {
                subjects.add(new Subject(
                        Trigger.Kind.ALERT,
                        When.row(turn.tenant(), reading),
                        Given.of(reading, cases.get(reading.alert().id().uuid())),
                        null));
            }
        }
        for (var reading : CaseReading.of(turn.connection(), turn.tenant(), ids)) {
            var kase = reading.kase();
            if (kase.mergedInto() == null && kase.status().active()) {
                var chain = Starts.chain(
                        turn,
                        kase.id().uuid(),
                        kase.title(),
                        kase.createdAt(),
                        reading.alerts().stream()
                                .map(alert -> alert.id().uuid())
                                .toList());
                subjects.add(
                        new Subject(Trigger.Kind.CASE, When.row(turn.tenant(), reading), Given.of(reading), chain));
            }
        }
        return subjects;
    }

    private List<Fitting> fitting(Turn turn, List<Starts.Enabled> enabled, Subject subject) throws SQLException {
        var fitting = new ArrayList<Fitting>();
        for (var one : enabled) {
            var trigger = trigger(turn, one, subject);
            if (trigger != null) {
                fitting.add(new Fitting(one, trigger, subject));
            }
        }
        return fitting;
    }

    /** The first of the playbook's triggers that fits; null: none does. */
    private @Nullable Trigger trigger(Turn turn, Starts.Enabled one, Subject subject) throws SQLException {
        for (var trigger : one.playbook().triggers()) {
            try {
                if (trigger.kind() == subject.kind() && when.fits(trigger.when(), subject.row())) {
                    return trigger;
                }
            } catch (ProblemException e) { // the language has changed since it was checked
                starts.leave(
                        turn, one.id(), "'when' cannot be read: " + e.problem().detail());
            }
        }
        return null;
    }

    private void start(Turn turn, Fitting fitting) throws SQLException {
        var subject = fitting.subject();
        var chain = subject.chain();
        var playbook = fitting.playbook();
        var loop = Starts.loop(playbook.id(), chain);
        if (loop != null) {
            starts.leave(turn, playbook.id(), loop);
            return;
        }
        starts.start(
                turn,
                fitting.trigger(),
                new Starts.Wanted(
                        playbook.id(),
                        subject.given().about(),
                        subject.given().about(),
                        subject.given().with(playbook.playbook(), Map.of()),
                        chain == null ? null : chain.run()));
    }
}
