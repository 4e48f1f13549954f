package io.marsad.respond.durable;

import io.marsad.respond.action.ActionKind;
import io.marsad.respond.action.ActionPolicy;
import io.marsad.respond.action.ActionPolicy.Consent;
import io.marsad.respond.action.Catalogue;
import io.marsad.wire.CanonicalJson;
import io.marsad.wire.SignedAction;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Asks for actions: who has to agree is decided once, when it is asked for, and stands with it. Thread-safe. */
public final class ActionRequests {
    /** The queue of the outbox whose subjects are actions that are to be done. */
    public static final String QUEUE = "actions";

    /** The queue of the outbox whose subjects are actions that have begun to wait for somebody's consent. */
    public static final String PROMPTS = "approvals";

    /** So long somebody may agree. */
    static final Duration TO_AGREE = Duration.ofHours(24);

    private final Catalogue catalogue;
    private final Policies policies;

    /** What a tenant wants. */
    public interface Policies {
        ActionPolicy of(Turn turn) throws SQLException;

        /** Whether it matters most to the tenant. @param kind as {@link ActionKind#about()} */
        boolean isCrownJewel(Turn turn, String kind, String target) throws SQLException;
    }

    public ActionRequests(Catalogue catalogue, Policies policies) {
        this.catalogue = catalogue;
        this.policies = policies;
    }

    /**
     * What is asked for.
     *
     * @param of the step of a run; null: a person asks
     * @param atLeast what whoever asks wants itself
     * @param about {@code alert:UUID} or {@code case:UUID}; null: nothing, or that of the run
     * @param reverses the action that it takes back; null: none
     */
    record Asked(
            UUID id,
            ActionRows.@Nullable Of of,
            String action,
            Map<String, JsonNode> parameters,
            Consent atLeast,
            String by,
            @Nullable String about,
            @Nullable UUID reverses) {}

    /** @return why it will not be done; null: it is asked for */
    @Nullable
    String ask(Turn turn, Asked asked) throws SQLException {
        var effects = new Effects(turn);
        var desk = new Desk(effects, null);
        var said = desk.ask(asked);
        desk.write();
        effects.write();
        return said.refused();
    }

    /**
     * What a person asks for.
     *
     * @param id the same once more asks for nothing
     * @param about {@code alert:UUID} or {@code case:UUID}; null: nothing
     */
    public record ByHand(
            UUID id,
            String action,
            Map<String, JsonNode> parameters,
            String by,
            @Nullable String about) {}

    /** @return why it will not be done; null: it is asked for */
    public @Nullable String ask(Turn turn, ByHand wanted) throws SQLException {
        var asked = new Asked(
                wanted.id(),
                null,
                wanted.action(),
                wanted.parameters(),
                Consent.AUTOMATIC,
                wanted.by(),
                wanted.about(),
                null);
        return ask(turn, asked);
    }

    /**
     * What is said to whoever asks; it is asked for when neither is said.
     *
     * @param refused why it will not be done
     * @param answered it is done
     */
    record Said(@Nullable String refused, ActionProvider.Result.@Nullable Completed answered) {
        private static final Said ASKED = new Said(null, null);

        private static Said not(String why) {
            return new Said(why, null);
        }
    }

    /** What is asked for in one transaction; written at its end. Not thread-safe. */
    final class Desk {
        private final Effects effects;
        private final Turn turn;
        private final @Nullable Answers answers;
        private final List<ActionRows.Row> rows = new ArrayList<>();
        private final Map<UUID, ActionRows.Ended> ended = new HashMap<>();
        private @Nullable ActionPolicy policy;

        /** @param answers who may say at once what comes of it; null: nobody */
        Desk(Effects effects, @Nullable Answers answers) {
            this.effects = effects;
            this.turn = effects.turn();
            this.answers = answers;
        }

        Said ask(Asked asked) throws SQLException {
            var faults = catalogue.faults(asked.action(), asked.parameters());
            if (!faults.isEmpty()) {
                return Said.not(String.join("; ", faults));
            }
            var kind = catalogue.find(asked.action()).orElseThrow();
            var target = target(kind, asked.parameters());
            boolean jewel =
                    kind.effect() != ActionKind.Effect.READ && policies.isCrownJewel(turn, kind.about(), target);
            var verdict = policy().decide(new ActionPolicy.Request(kind, target, jewel, asked.atLeast()));
            var status = switch (verdict.consent()) {
                case AUTOMATIC -> ActionStatus.REQUESTED;
                case ONE_PERSON, TWO_PEOPLE -> ActionStatus.AWAITING_APPROVAL;
                case NEVER -> ActionStatus.REFUSED;
            };
            var parameters = canonical(asked.parameters());
            var row = new ActionRows.Row(
                    asked.id(),
                    asked.of(),
                    asked.action(),
                    parameters,
                    SignedAction.hash(parameters),
                    target,
                    verdict.radius().name().toLowerCase(Locale.ROOT),
                    verdict.consent(),
                    verdict.reasons(),
                    status,
                    asked.by(),
                    turn.now(),
                    status == ActionStatus.AWAITING_APPROVAL ? turn.now().plus(TO_AGREE) : null,
                    0,
                    asked.about(),
                    asked.reverses());
            rows.add(row);
            if (status == ActionStatus.REFUSED) {
                return Said.not(String.join("; ", verdict.reasons()));
            }
            var answer = answers == null ? null : answers.answer(row);
            if (answer == null) {
                return Said.ASKED;
            }
            ended.put(row.id(), new ActionRows.Ended(answer.signed(), Outcomes.answered(row, answer.completed())));
            return new Said(null, answer.completed());
        }

        private ActionPolicy policy() throws SQLException {
            var read = policy;
            if (read == null) {
                policy = read = policies.of(turn);
            }
            return read;
        }

        /** A person is to do something by hand and to say what came of it. */
        void task(Asked asked) {
            var parameters = canonical(asked.parameters());
            rows.add(new ActionRows.Row(
                    asked.id(),
                    asked.of(),
                    ActionRows.TASK,
                    parameters,
                    SignedAction.hash(parameters),
                    "",
                    "minimal",
                    Consent.ONE_PERSON,
                    List.of("a person does it by hand"),
                    ActionStatus.AWAITING_APPROVAL,
                    asked.by(),
                    turn.now(),
                    null,
                    0,
                    null,
                    null));
        }

        /** What was asked for before is not asked for again. */
        void write() throws SQLException {
            if (rows.isEmpty()) {
                return;
            }
            for (var row : ActionRows.insert(turn, rows, ended)) {
                var end = ended.get(row.id());
                if (end == null && row.status() == ActionStatus.REQUESTED) {
                    effects.due(QUEUE, turn.now(), row.id());
                } else if (row.expiresAt() != null) { // comes up when nobody has agreed by then
                    effects.due(QUEUE, row.expiresAt(), row.id());
                    effects.due(PROMPTS, turn.now(), row.id());
                }
                effects.audit(
                        row.requestedBy(),
                        "action.request",
                        "action:" + row.id(),
                        "action",
                        row.action(),
                        "target",
                        row.target(),
                        "parameters_hash",
                        row.hash(),
                        "consent",
                        row.consent().name().toLowerCase(Locale.ROOT));
                if (end != null) {
                    Outcomes.say(effects, row, end.settled());
                } else if (row.status() == ActionStatus.AWAITING_APPROVAL
                        || row.of() == null) { // the rest is seen with its run
                    effects.actionChanged(row.id());
                }
            }
            rows.clear();
            ended.clear();
        }
    }

    private static String canonical(Map<String, JsonNode> parameters) {
        var node = JsonNodeFactory.instance.objectNode();
        parameters.forEach(node::set);
        return CanonicalJson.write(node);
    }

    /** What it is done to: the first thing that it has to be told. */
    public static String target(ActionKind kind, Map<String, JsonNode> parameters) {
        for (var parameter : kind.parameters().entrySet()) {
            var value = parameters.get(parameter.getKey());
            if (parameter.getValue().required() && value != null) {
                var text = value.isString() ? value.stringValue() : value.toString();
                return text.substring(0, Math.min(text.length(), 500));
            }
        }
        return "";
    }
}
