package io.marsad.respond.durable;

import io.marsad.db.Database;
import io.marsad.db.outbox.Claim;
import io.marsad.db.outbox.Follower;
import io.marsad.db.outbox.Outbox;
import io.marsad.respond.action.ActionPolicy.Consent;
import io.marsad.respond.run.RunEffect;
import io.marsad.respond.run.RunEvent;
import io.marsad.respond.run.RunState;
import io.marsad.respond.run.RunStatus;
import io.marsad.respond.run.StepChange;
import io.marsad.respond.sign.Mandates;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Goes on with runs: takes what has happened, and writes state, history and what is to be done, all in one transaction.
 * Nothing is done in it; whatever is killed, it happened wholly or not at all. Thread-safe.
 */
public final class RunFollower implements Follower {
    private final Database database;
    private final PlaybookShelf shelf;
    private final ActionRequests requests;
    private final @Nullable Reader reader;
    private final InstantSource clock;

    /**
     * Who answers at once what only reads the platform's own data.
     *
     * @param mandates signs it; null: nobody does
     */
    public record Reader(ActionProvider provider, @Nullable Mandates mandates) {}

    /** All that is asked for goes through the outbox. */
    public RunFollower(Database database, PlaybookShelf shelf, ActionRequests requests, InstantSource clock) {
        this(database, shelf, requests, null, clock);
    }

    public RunFollower(
            Database database,
            PlaybookShelf shelf,
            ActionRequests requests,
            @Nullable Reader reader,
            InstantSource clock) {
        this.database = database;
        this.shelf = shelf;
        this.requests = requests;
        this.reader = reader;
        this.clock = clock;
    }

    @Override
    public void follow(Claim claim) {
        var now = Instant.ofEpochMilli(clock.millis());
        boolean failed = claim.items().stream().anyMatch(item -> item.failures() > 0);
        database.inOneTransaction(claim.tenant(), connection -> {
            var turn = new Turn(connection, claim.tenant(), now);
            var rows = RunRows.lock(turn, claim.subjects());
            var events = RunRows.takeEvents(turn, claim.subjects());
            var pass = new Pass(turn, failed ? null : reader); // what failed must not fail for what is read
            for (var row : rows) {
                pass.advance(row, events.getOrDefault(row.id(), List.of()));
            }
            pass.write();
            claim.done(connection);
            return true;
        });
    }

    /** One transaction on some runs. */
    private final class Pass {
        private final Turn turn;
        private final Effects effects;
        private final ActionRequests.Desk desk;
        private final List<RunRows.Change> changes = new ArrayList<>();
        private final List<Outbox.Due> over = new ArrayList<>();

        Pass(Turn turn, @Nullable Reader reads) {
            this.turn = turn;
            this.effects = new Effects(turn);
            var answers = reads == null ? null : new Answers(turn, reads.provider(), reads.mandates());
            this.desk = requests.new Desk(effects, answers);
        }

        void write() throws SQLException {
            RunRows.update(turn, changes);
            Outbox.withdraw(turn.connection(), turn.tenant(), Runs.QUEUE, over);
            desk.write();
            for (var change : changes) {
                if (change.state().status().isEnded()) {
                    ended(change.row(), change.state()); // in the audit log after what it asked for
                }
            }
            effects.write();
        }

        void advance(RunRows.Row row, List<RunEvent> events) throws SQLException {
            var version = new PlaybookShelf.Version(turn.tenant(), row.playbook(), row.version());
            var interpreter = shelf.load(turn, version).interpreter();
            effects.runChanged(row.id());
            var steps = new ArrayList<StepChange>();
            var state = row.state();
            var next = events;
            do {
                var advance = interpreter.advance(state, next, turn.now());
                state = advance.state();
                steps.addAll(advance.changes());
                next = new ArrayList<>();
                for (var effect : advance.effects()) {
                    effect(row, effect, next);
                }
            } while (!next.isEmpty());
            changes.add(new RunRows.Change(row, state, steps, wake(row, state)));
        }

        /**
         * One item of the outbox is due when something happens by itself next, unless one is due before; none is when it has
         * ended.
         */
        private @Nullable Instant wake(RunRows.Row row, RunState state) {
            var next = state.wakeAt();
            var known = row.wakeAt() == null || !turn.now().isBefore(row.wakeAt()) ? null : row.wakeAt();
            if (state.status().isEnded()) {
                over.add(new Outbox.Due(row.id(), state.deadline()));
                if (known != null) {
                    over.add(new Outbox.Due(row.id(), known));
                }
                return null;
            }
            if (next == null || known != null && !next.isBefore(known)) {
                return known;
            }
            effects.due(Runs.QUEUE, next, row.id());
            return next;
        }

        /** @param answered what has come of it already is added */
        private void effect(RunRows.Row row, RunEffect effect, List<RunEvent> answered) throws SQLException {
            switch (effect) {
                case RunEffect.Perform perform -> {
                    var atLeast = switch (perform.action().approval()) {
                        case NONE -> Consent.AUTOMATIC;
                        case ONE -> Consent.ONE_PERSON;
                        case TWO -> Consent.TWO_PEOPLE;
                    };
                    ask(
                            row,
                            asked(
                                    row,
                                    perform,
                                    perform.step(),
                                    perform.action().action(),
                                    perform.parameters(),
                                    atLeast),
                            answered);
                }
                case RunEffect.Carry carry -> {
                    if (carry.kind().isHttp()) {
                        var request = HttpCommand.parameters(carry);
                        if (request == null) {
                            happened(
                                    row,
                                    new RunEvent.Failed(
                                            carry.visit(),
                                            carry.attempt(),
                                            "nobody of the step has an address to send the request to",
                                            false));
                        } else {
                            ask(
                                    row,
                                    asked(row, carry, carry.step(), "http_call", request, Consent.AUTOMATIC),
                                    answered);
                        }
                    } else {
                        desk.task(asked(row, carry, carry.step(), ActionRows.TASK, task(carry), Consent.ONE_PERSON));
                    }
                }
                case RunEffect.Call call -> call(row, call);
                case RunEffect.Withdraw withdraw -> {
                    var action = Keys.action(row.id(), withdraw.visit(), withdraw.attempt());
                    desk.write(); // it may have been asked for in this pass
                    ActionRows.withdraw(turn, action, withdraw.reason());
                    effects.actionChanged(action);
                    var called = Keys.called(row.id(), withdraw.visit(), withdraw.attempt());
                    effects.tell(called, new RunEvent.Cancelled(withdraw.reason()));
                }
            }
        }

        private void ask(RunRows.Row row, ActionRequests.Asked asked, List<RunEvent> answered) throws SQLException {
            var said = desk.ask(asked);
            var of = asked.of();
            if (of != null && said.refused() != null) {
                happened(row, new RunEvent.Failed(of.visit(), of.attempt(), said.refused(), false));
            } else if (of != null && said.answered() != null) {
                answered.add(new RunEvent.Done(
                        of.visit(), of.attempt(), said.answered().outputs()));
            }
        }

        private void happened(RunRows.Row row, RunEvent event) {
            effects.tell(row.id(), event);
        }

        private void call(RunRows.Row row, RunEffect.Call call) throws SQLException {
            var id = UUID.fromString(call.playbook().substring("playbook--".length()));
            var loaded = call.version() == null
                    ? shelf.current(turn, id)
                    : shelf.modified(turn, id, Instant.parse(call.version()));
            if (loaded == null || row.depth() >= Runs.DEEPEST) {
                var why = loaded == null
                        ? "there is no playbook " + id + " that is switched on"
                        : "playbooks call one another more than " + Runs.DEEPEST + " deep";
                happened(row, new RunEvent.Failed(call.visit(), call.attempt(), why, false));
                return;
            }
            var wanted = new Runs.Wanted(
                    Keys.called(row.id(), call.visit(), call.attempt()),
                    id,
                    "run:" + row.id(),
                    row.about(),
                    call.given());
            var parent = new RunRows.Parent(row.id(), call.visit(), call.attempt());
            Runs.begin(turn, wanted, loaded, parent, row.depth() + 1);
        }

        private void ended(RunRows.Row row, RunState state) {
            var parent = row.parent();
            if (parent != null) {
                var event = state.status() == RunStatus.SUCCEEDED
                        ? new RunEvent.Done(parent.visit(), parent.attempt(), state.values())
                        : new RunEvent.Failed(parent.visit(), parent.attempt(), String.valueOf(state.reason()), false);
                effects.tell(parent.run(), event);
            }
            effects.audit(
                    row.startedBy(),
                    "playbook.end",
                    "run:" + row.id(),
                    "status",
                    state.status().name().toLowerCase(Locale.ROOT),
                    "reason",
                    state.reason());
        }
    }

    private static ActionRequests.Asked asked(
            RunRows.Row row,
            RunEffect effect,
            String step,
            String action,
            Map<String, JsonNode> parameters,
            Consent atLeast) {
        var of = new ActionRows.Of(row.id(), effect.visit(), effect.attempt(), step);
        var id = Keys.action(row.id(), effect.visit(), effect.attempt());
        return new ActionRequests.Asked(id, of, action, parameters, atLeast, "run:" + row.id(), null, null);
    }

    private static Map<String, JsonNode> task(RunEffect.Carry carry) {
        Map<String, JsonNode> task = new LinkedHashMap<>();
        task.put("kind", JsonNodeFactory.instance.stringNode(carry.kind().word()));
        task.put("text", JsonNodeFactory.instance.stringNode(carry.text()));
        var names = JsonNodeFactory.instance.arrayNode();
        carry.outArgs().forEach(names::add);
        task.put("asks_for", names);
        return task;
    }
}
