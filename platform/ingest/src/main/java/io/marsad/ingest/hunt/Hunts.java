package io.marsad.ingest.hunt;

import io.marsad.db.Database;
import io.marsad.ingest.worker.Finding;
import io.marsad.ingest.worker.FindingSink;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.sigma.RuleMatcher;
import io.marsad.sigma.RuleSet;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hunts of all tenants: one at a time runs, the others wait. Methods for callers act for the caller's tenant.
 * Thread-safe.
 */
public final class Hunts implements AutoCloseable {
    /** More than this are not raised: so many alerts help nobody, and the hunt's count says how many there are. */
    static final int MOST_RAISED = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Hunts.class);
    private static final int MOST_UNDER_WAY = 4;
    private static final int KEPT = 200;
    private static final int RAISED_AT_ONCE = 500;
    private static final Duration LONGEST = Duration.ofDays(3_700);
    private static final Duration LAST_WAIT = Duration.ofSeconds(40);

    private final Database database;
    private final EventStore store;
    private final HuntRules rules;
    private final Function<RuleSet, FindingSink> alerts;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Map<EventId, Run> underWay = new ConcurrentHashMap<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("hunt").factory());
    private volatile boolean closing;

    /** One that waits or runs. */
    private static final class Run {
        final TenantId tenant;
        final Hunt hunt;
        final RuleMatcher matcher;
        volatile boolean cancelled;
        volatile Hunt.State state = Hunt.State.WAITING;
        volatile double progress;
        volatile long scanned;
        volatile long hits;
        long raised;

        Run(TenantId tenant, Hunt hunt, RuleMatcher matcher) {
            this.tenant = tenant;
            this.hunt = hunt;
            this.matcher = matcher;
        }
    }

    /**
     * @param alerts what makes alerts of what these rules find
     */
    public Hunts(
            Database database,
            EventStore store,
            HuntRules rules,
            Function<RuleSet, FindingSink> alerts,
            InstantSource clock,
            RandomGenerator random) {
        this.database = database;
        this.store = store;
        this.rules = rules;
        this.alerts = alerts;
        this.clock = clock;
        this.random = random;
    }

    /** Marks what a run before left unfinished of the tenant. */
    public void recover(TenantId tenant) {
        database.inTenant(tenant, connection -> HuntRows.interrupt(connection, clock.instant()));
    }

    /**
     * Starts a hunt of the caller.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 for a range or rule that cannot be; 404 for a rule that is not
     *     known; 429 when the tenant has enough hunts under way
     */
    public Hunt start(Hunt.Asked asked) {
        var caller = CallerScope.current();
        if (!asked.from().isBefore(asked.to())) {
            throw Problem.badRequest("invalid-range", "The range's end has to be after its begin.")
                    .asException();
        }
        if (Duration.between(asked.from(), asked.to()).compareTo(LONGEST) > 0) {
            throw Problem.badRequest("invalid-range", "A hunt looks at ten years at most.")
                    .asException();
        }
        var matcher = rules.rules(caller.tenant(), asked);
        var now = Instant.ofEpochMilli(clock.millis());
        var hunt = new Hunt(
                EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong()),
                title(matcher),
                asked,
                Hunt.State.WAITING,
                caller.subject(),
                now,
                null,
                0,
                0,
                0,
                List.of(),
                null);
        var run = new Run(caller.tenant(), hunt, matcher);
        synchronized (underWay) {
            long own = underWay.values().stream()
                    .filter(one -> one.tenant.equals(caller.tenant()))
                    .count();
            if (own >= MOST_UNDER_WAY) {
                throw Problem.overloaded("You have " + own + " hunts under way; wait for one to end, or cancel one.")
                        .asException();
            }
            underWay.put(hunt.id(), run);
        }
        try {
            database.inCallerTenant(connection -> {
                HuntRows.prune(connection, KEPT - 1);
                HuntRows.insert(connection, caller.tenant().value(), hunt);
                return true;
            });
            thread.execute(() -> hunt(run));
        } catch (RuntimeException e) {
            underWay.remove(hunt.id());
            throw e;
        }
        return hunt;
    }

    private static String title(RuleMatcher matcher) {
        var set = matcher.rules();
        var titles = set.correlations().isEmpty()
                ? set.rules().stream().map(rule -> rule.title()).toList()
                : set.correlations().stream()
                        .map(one -> one.definition().title())
                        .toList();
        return titles.size() == 1
                ? titles.getFirst()
                : set.rules().size() + " rules, " + set.correlations().size() + " correlations";
    }

    /** The newest first. */
    public List<Hunt> list() {
        return database.inCallerTenant(connection -> HuntRows.list(connection, KEPT)).stream()
                .map(this::now)
                .toList();
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 when the caller's tenant has no such hunt */
    public Hunt find(EventId id) {
        @Nullable Hunt hunt = database.inCallerTenant(connection -> HuntRows.find(connection, id));
        if (hunt == null) {
            throw Problem.notFound("There is no hunt with this id.").asException();
        }
        return now(hunt);
    }

    /** Ends the hunt soon; alerts that it raised stay. One that has ended is left as it is. */
    public Hunt cancel(EventId id) {
        var hunt = find(id);
        var run = underWay.get(id);
        if (run != null) {
            run.cancelled = true;
        }
        return hunt;
    }

    private Hunt now(Hunt stored) {
        var run = underWay.get(stored.id());
        if (run == null || stored.endedAt() != null) {
            return stored;
        }
        return new Hunt(
                stored.id(),
                stored.title(),
                stored.asked(),
                run.state,
                stored.createdBy(),
                stored.createdAt(),
                null,
                run.progress,
                run.scanned,
                run.hits,
                List.of(),
                run.cancelled ? "It is being cancelled." : null);
    }

    private void hunt(Run run) {
        try {
            CallerScope.runAs(Caller.system(run.tenant, "hunt"), () -> work(run));
        } catch (RuntimeException e) {
            LOG.error("hunt {} of {} could not be ended", run.hunt.id(), run.tenant, e);
        } finally {
            underWay.remove(run.hunt.id());
        }
    }

    private void work(Run run) {
        if (closing || run.cancelled) {
            end(run, null, null);
            return;
        }
        run.state = Hunt.State.RUNNING;
        database.inTenant(run.tenant, connection -> {
            HuntRows.state(connection, run.hunt.id(), Hunt.State.RUNNING);
            return true;
        });
        var asked = run.hunt.asked();
        var scope = new HuntScope(
                run.tenant, asked.from().toEpochMilli(), asked.to().toEpochMilli());
        try {
            var outcome = new RetroHunt(store, scope, run.matcher)
                    .run(
                            (progress, hits) -> {
                                run.progress = progress.totalBytes() == 0
                                        ? 0
                                        : (double) progress.scannedBytes() / progress.totalBytes();
                                run.scanned = progress.scannedEvents();
                                run.hits = hits;
                                return !run.cancelled && !closing;
                            },
                            findings -> raise(run, findings));
            end(run, outcome, null);
        } catch (IOException | RuntimeException e) {
            LOG.warn("hunt {} of {} failed", run.hunt.id(), run.tenant, e);
            end(run, null, "It failed: " + e.getMessage());
        }
    }

    private void raise(Run run, List<Finding> findings) {
        if (!run.hunt.asked().raise()) {
            return;
        }
        var sink = alerts.apply(run.matcher.rules());
        for (int from = 0; from < findings.size() && run.raised < MOST_RAISED; from += RAISED_AT_ONCE) {
            int most = (int) Math.min(RAISED_AT_ONCE, MOST_RAISED - run.raised);
            var some = findings.subList(from, Math.min(findings.size(), from + most));
            database.inTenant(run.tenant, connection -> {
                sink.raise(connection, run.tenant, some);
                return true;
            });
            run.raised += some.size();
        }
    }

    private void end(Run run, @Nullable HuntOutcome outcome, @Nullable String trouble) {
        var state = trouble != null
                ? Hunt.State.FAILED
                : run.cancelled ? Hunt.State.CANCELLED : closing ? Hunt.State.INTERRUPTED : Hunt.State.DONE;
        var note = trouble != null ? trouble : outcome == null ? null : note(run, outcome);
        var ending = new HuntRows.Ending(state, Instant.ofEpochMilli(clock.millis()), outcome, note);
        database.inTenant(run.tenant, connection -> {
            HuntRows.end(connection, run.tenant.value(), run.hunt.id(), ending);
            return true;
        });
    }

    private static @Nullable String note(Run run, HuntOutcome outcome) {
        var words = new StringBuilder();
        if (run.hunt.asked().raise() && outcome.hits() > MOST_RAISED) {
            words.append("Only ").append(MOST_RAISED).append(" of the hits were raised as alerts. ");
        }
        if (outcome.forgotten() > 0) {
            words.append("Correlations could not count ")
                    .append(outcome.forgotten())
                    .append(" events: ask for a shorter range. ");
        }
        return words.isEmpty() ? null : words.toString().strip();
    }

    /** Ends what runs, soon; it is marked interrupted. */
    @Override
    public void close() {
        closing = true;
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("a hunt did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
