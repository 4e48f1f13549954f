package io.marsad.respond.service;

import io.marsad.db.Database;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.Problem.Fault;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.cacao.Trigger;
import io.marsad.respond.durable.PlaybookShelf;
import io.marsad.respond.durable.Starts;
import io.marsad.respond.durable.Turn;
import io.marsad.wire.SignedAction;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Runs that other products start by a request; of the tenant of the running {@link CallerScope}. Thread-safe. */
public final class Webhooks {
    /** The same body within this time, without a key, is a sender that repeats. */
    static final Duration SAME = Duration.ofMinutes(5);

    private final Database database;
    private final Playbooks playbooks;
    private final PlaybookShelf shelf;
    private final Starts starts;
    private final InstantSource clock;

    public Webhooks(Database database, PlaybookShelf shelf, Playbooks playbooks, InstantSource clock) {
        this.database = database;
        this.playbooks = playbooks;
        this.shelf = shelf;
        this.starts = new Starts(shelf);
        this.clock = clock;
    }

    /** What came of a request. */
    public sealed interface Outcome {
        /** @param fresh false: it was there already */
        record Begun(UUID run, boolean fresh) implements Outcome {}

        /** As many as wanted were begun in the last hour; it is counted. @param again when one may be begun again */
        record TooMany(int most, Duration again) implements Outcome {}
    }

    /**
     * Begins a run.
     *
     * @param body an object: what it says at the top under the name of an external variable ({@code __host__} or
     *     {@code host}) is its value, all else is left
     * @param key the same once more is the same run; null: the same body within five minutes is
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-values}; 404; 409 {@code not-enabled},
     *     {@code no-webhook}
     */
    public Outcome call(UUID playbook, JsonNode body, @Nullable String key) {
        return database.inCallerTenant(connection -> {
            var turn = new Turn(connection, CallerScope.tenant(), Instant.ofEpochMilli(clock.millis()));
            playbooks.existing(turn, playbook);
            Starts.lock(turn, List.of(playbook));
            var loaded = shelf.current(turn, playbook);
            if (loaded == null) {
                throw notEnabled();
            }
            var trigger = webhook(loaded.playbook());
            var given = values(loaded.playbook(), body);
            var by = key == null ? repeated(turn, playbook, body) : "webhook key " + key;
            var run = Starts.run(playbook, by);
            var wanted = new Starts.Wanted(playbook, by, null, given, null);
            return switch (starts.start(
                    turn, trigger, wanted, CallerScope.current().subject())) {
                case BEGUN -> new Outcome.Begun(run, true);
                case THERE -> new Outcome.Begun(run, false);
                case LEFT ->
                    new Outcome.TooMany(
                            trigger.mostAnHour(), Duration.between(turn.now(), Starts.free(turn, playbook, trigger)));
                case OFF -> throw notEnabled();
            };
        });
    }

    private static RuntimeException notEnabled() {
        return Problem.conflict("not-enabled", "The playbook is switched off: nothing starts it.")
                .asException();
    }

    private static Trigger webhook(Playbook playbook) {
        return playbook.triggers().stream()
                .filter(trigger -> trigger.kind() == Trigger.Kind.WEBHOOK)
                .findFirst()
                .orElseThrow(() -> Problem.conflict(
                                "no-webhook", "The playbook is not started by webhooks: it has no such trigger.")
                        .asException());
    }

    /** The name of the body among those of the last minutes. */
    private static String repeated(Turn turn, UUID playbook, JsonNode body) throws SQLException {
        var hash = SignedAction.hash(body.toString());
        long slot = turn.now().getEpochSecond() / SAME.toSeconds();
        var before = "webhook body " + hash + " " + (slot - 1);
        var at = Starts.begun(turn, Starts.run(playbook, before));
        return at != null && at.plus(SAME).isAfter(turn.now()) ? before : "webhook body " + hash + " " + slot;
    }

    private static Map<String, @Nullable String> values(Playbook playbook, JsonNode body) {
        Map<String, @Nullable String> given = new LinkedHashMap<>();
        var faults = new ArrayList<Fault>();
        for (var variable : playbook.variables().values()) {
            var name = variable.name();
            var key = body.has(name) ? name : name.replaceAll("^__|__$", "");
            var value = body.get(key);
            if (variable.external() && !variable.constant() && value != null && !value.isNull()) {
                var text = value.isContainer() ? value.toString() : value.asString();
                var fault = PlaybookRuns.fault(variable, text);
                if (fault == null) {
                    given.put(name, text);
                } else {
                    faults.add(new Fault("/" + key, fault));
                }
            }
        }
        if (!faults.isEmpty()) {
            throw PlaybookRuns.invalid(faults);
        }
        return given;
    }
}
