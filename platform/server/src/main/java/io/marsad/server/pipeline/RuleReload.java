package io.marsad.server.pipeline;

import io.marsad.api.rules.RuleRoutes;
import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.sigma.RuleSet;
import io.marsad.sigma.SigmaDocument;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reloads for whoever asks by the API, and keeps who it was. Thread-safe. */
public final class RuleReload implements RuleRoutes.Reloading {
    private static final Logger LOG = LoggerFactory.getLogger(RuleReload.class);
    private static final int MOST_FAULTS = 100;

    private final LiveRules rules;
    private final Database database;
    private final InstantSource clock;
    private final Consumer<RuleSet> after;

    /** @param after told of the rules that are in use now */
    public RuleReload(LiveRules rules, Database database, InstantSource clock, Consumer<RuleSet> after) {
        this.rules = rules;
        this.database = database;
        this.clock = clock;
        this.after = after;
    }

    @Override
    public RuleRoutes.Reloaded reload() throws IOException {
        long start = System.nanoTime();
        return switch (rules.reload()) {
            case LiveRules.Refused(var faults) -> throw refused(faults).asException();
            case LiveRules.Taken(var now, var changes) -> {
                long millis = (System.nanoTime() - start) / 1_000_000;
                after.accept(now);
                audit(changes);
                LOG.info(
                        "rules were reloaded in {} ms: {} added, {} changed, {} removed",
                        millis,
                        changes.added().size(),
                        changes.changed().size(),
                        changes.removed().size());
                yield new RuleRoutes.Reloaded(
                        now.running(),
                        now.waiting().size(),
                        now.refusals().size(),
                        names(changes.added()),
                        names(changes.changed()),
                        names(changes.removed()),
                        millis);
            }
        };
    }

    private static Problem refused(List<io.marsad.kernel.content.ContentProblem> faults) {
        return new Problem(
                "rules-refused",
                422,
                "Rules refused",
                faults.size() + " faults that were not there before; the rules in use stay as they are.",
                faults.stream()
                        .limit(MOST_FAULTS)
                        .map(p -> new Problem.Fault(p.file() + ":" + p.line(), p.reason()))
                        .toList());
    }

    private static List<RuleRoutes.Name> names(List<SigmaDocument> documents) {
        return documents.stream()
                .map(document -> new RuleRoutes.Name(
                        document.about().id(), document.about().title()))
                .toList();
    }

    private void audit(RuleChanges changes) {
        var caller = CallerScope.current();
        var detail = "{\"added\":" + changes.added().size() + ",\"changed\":"
                + changes.changed().size() + ",\"removed\":"
                + changes.removed().size() + "}";
        database.inCallerTenant(connection -> AuditLog.append(
                connection,
                caller.tenant(),
                new AuditLog.Entry(clock.instant(), caller.subject(), "rules.reload", "rules:installation", detail)));
    }
}
