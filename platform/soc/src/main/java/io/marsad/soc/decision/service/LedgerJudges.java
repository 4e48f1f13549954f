package io.marsad.soc.decision.service;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.decision.Judge;
import io.marsad.soc.decision.JudgeQuestion;
import io.marsad.soc.decision.JudgeReply;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Writes every question to a model into the tenant's ledger before it is asked, and what came of it after. Where that
 * cannot be written, nothing is asked. Thread-safe when what it wraps is.
 */
public final class LedgerJudges implements Judges {
    private static final int LONGEST = 16_384;

    private final Judges asked;
    private final String promptVersion;
    private final Database database;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Map<Outcome, LongAdder> calls = new EnumMap<>(Outcome.class);
    private final LongAdder tokens = new LongAdder();

    /** What came of a question. */
    public enum Outcome {
        SAID,
        TIMED_OUT,
        REFUSED,
        STEERED,
        FAILED,
        OVER_BUDGET;

        /** As the ledger has it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Outcome of(JudgeReply reply) {
            return switch (reply) {
                case JudgeReply.Said _ -> SAID;
                case JudgeReply.TimedOut _ -> TIMED_OUT;
                case JudgeReply.Refused _ -> REFUSED;
                case JudgeReply.Steered _ -> STEERED;
                case JudgeReply.Failed _ -> FAILED;
                case JudgeReply.OverBudget _ -> OVER_BUDGET;
            };
        }
    }

    /** @param promptVersion of what is asked beside the alert's own text */
    public LedgerJudges(
            Judges asked, String promptVersion, Database database, InstantSource clock, RandomGenerator random) {
        this.asked = asked;
        this.promptVersion = promptVersion;
        this.database = database;
        this.clock = clock;
        this.random = random;
        for (Outcome outcome : Outcome.values()) {
            calls.put(outcome, new LongAdder());
        }
    }

    /** How many questions ended so since the process began, of all tenants. */
    public long calls(Outcome outcome) {
        return Objects.requireNonNull(calls.get(outcome)).sum();
    }

    /** What all of them cost, in tokens. */
    public long tokens() {
        return tokens.sum();
    }

    @Override
    public @Nullable Judge of(TenantId tenant) {
        var judge = asked.of(tenant);
        return judge == null ? null : question -> ask(tenant, judge, question);
    }

    private JudgeReply ask(TenantId tenant, Judge judge, JudgeQuestion question) {
        var at = now();
        var call = EventId.atTime(at.toEpochMilli(), random.nextLong(), random.nextLong());
        begun(tenant, call, question, at);
        JudgeReply reply;
        try {
            reply = judge.ask(question);
        } catch (RuntimeException e) {
            reply = new JudgeReply.Failed(
                    "unknown", question.hash(), e.getClass().getSimpleName());
        }
        ended(tenant, call, reply);
        return reply;
    }

    private void begun(TenantId tenant, EventId call, JudgeQuestion question, Instant at) {
        database.inTenant(tenant, connection -> {
            try (var insert = connection.prepareStatement(
                    "INSERT INTO model_calls (tenant_id, call_id, alert_id, model,"
                            + " prompt_hash, asked_at, outcome, prompt_version) VALUES (?, ?, ?, '', ?, ?, 'asked', ?)")) {
                insert.setString(1, tenant.value());
                insert.setObject(2, call.uuid());
                insert.setObject(3, question.alert().id().uuid());
                insert.setString(4, question.hash());
                insert.setTimestamp(5, Timestamp.from(at));
                insert.setString(6, promptVersion);
                return insert.executeUpdate();
            }
        });
    }

    private void ended(TenantId tenant, EventId call, JudgeReply reply) {
        var outcome = Outcome.of(reply);
        Objects.requireNonNull(calls.get(outcome)).increment();
        tokens.add(reply.tokens());
        var text = switch (reply) {
            case JudgeReply.Said said -> said.text();
            case JudgeReply.TimedOut _ -> null;
            case JudgeReply.Refused refused -> refused.why();
            case JudgeReply.Steered steered -> steered.why();
            case JudgeReply.Failed failed -> failed.why();
            case JudgeReply.OverBudget over -> over.why();
        };
        database.inTenant(tenant, connection -> {
            try (var update = connection.prepareStatement("UPDATE model_calls SET model = ?, prompt_hash = ?,"
                    + " answered_at = ?, outcome = ?, reply = ?, tokens = ? WHERE tenant_id = ? AND call_id = ?")) {
                update.setString(1, kept(reply.model(), 200));
                update.setString(2, kept(reply.promptHash(), 64));
                update.setTimestamp(3, Timestamp.from(now()));
                update.setString(4, outcome.word());
                update.setString(5, text == null ? null : kept(text, LONGEST));
                update.setInt(6, reply.tokens());
                update.setString(7, tenant.value());
                update.setObject(8, call.uuid());
                return update.executeUpdate();
            }
        });
    }

    /** Whatever it says, in what the database keeps of it. */
    private static String kept(String text, int most) {
        var kept = new StringBuilder();
        text.codePoints()
                .limit(most)
                .map(c -> c == 0 || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .forEach(kept::appendCodePoint);
        return kept.toString();
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
