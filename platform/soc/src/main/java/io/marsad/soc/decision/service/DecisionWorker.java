package io.marsad.soc.decision.service;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.db.outbox.Claim;
import io.marsad.db.outbox.Follower;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Act;
import io.marsad.soc.alert.AlertStatus;
import io.marsad.soc.alert.OwnActs;
import io.marsad.soc.alert.RuleSnapshot;
import io.marsad.soc.context.CrownJewels;
import io.marsad.soc.decision.Decision;
import io.marsad.soc.decision.DecisionEngine;
import io.marsad.soc.decision.DecisionJson;
import io.marsad.soc.decision.Judge;
import io.marsad.soc.decision.JudgeReply;
import io.marsad.soc.decision.Measures;
import io.marsad.soc.decision.SubmittedAlert;
import io.marsad.soc.intel.IntelJson;
import io.marsad.soc.intel.IntelResult;
import io.marsad.soc.intel.RiskLevel;
import io.marsad.soc.record.OutcomeRows;
import io.marsad.soc.record.OutcomeRows.Version;
import io.marsad.soc.record.Outcomes;
import io.marsad.soc.record.RuleRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides about every alert once, and keeps the ledger of what became of them. Others are asked first, outside any
 * transaction; then one transaction has the audit entry, the decision, what it does to the alert and the end of the work:
 * all of it or nothing. So there is no decision without its audit entry, and where none can be written, nothing is
 * decided. Thread-safe.
 */
public final class DecisionWorker implements Follower {
    /** Who acts, as the audit log has it. */
    public static final String ACTOR = "system:decisions";

    /** What alerts that would have been closed are marked with when a person is to check them. */
    public static final String SAMPLED = "sampled";

    /** So many milliseconds others may be asked before what they have answered is made use of. */
    private static final long LONGEST_ASKED = 2_000;

    private final Database database;
    private final Enrichment enrichment;
    private final Judges judges;
    private final Function<RuleSnapshot, RuleRecord.Proof> proofs;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * @param proofs whether a rule's samples prove it
     * @param random says which alerts are checked by a person: a secure source, so that nobody can choose
     */
    public DecisionWorker(
            Database database,
            Enrichment enrichment,
            Judges judges,
            Function<RuleSnapshot, RuleRecord.Proof> proofs,
            InstantSource clock,
            RandomGenerator random) {
        this.database = database;
        this.enrichment = enrichment;
        this.judges = judges;
        this.proofs = proofs;
        this.clock = clock;
        this.random = random;
    }

    /** What was found out about an alert, before anything is written. */
    private record Asked(Subject subject, SubmittedAlert alert, IntelResult intel, RuleRecord rule) {
        /** With what the tenant says of whom it names, whatever its sender said. */
        SubmittedAlert alert(CrownJewels jewels) {
            var known = subject.reading().alert();
            return jewels.among(known.entities(), known.time()) ? alert.critical() : alert;
        }
    }

    private record Read(Settings settings, List<Subject> open, Map<Version, Outcomes> records) {}

    @Override
    public void follow(Claim claim) {
        var tenant = claim.tenant();
        var read = database.<Read>inTenant(tenant, connection -> read(connection, claim));
        var replies = new HashMap<EventId, JudgeReply>();
        var asked = new ArrayList<Asked>();
        var judge = read.open.isEmpty() ? null : judges.of(tenant);
        var engine = new DecisionEngine(
                read.settings.inForce(),
                judge == null
                        ? null
                        : question -> {
                            var reply = judge.ask(question);
                            replies.put(question.alert().id(), reply);
                            return reply;
                        });
        Judge told = judge == null
                ? null
                : question -> replies.getOrDefault(
                        question.alert().id(),
                        new JudgeReply.Failed("none", question.hash(), "the settings changed while it was decided"));
        var waiting = new ArrayList<>(claim.items());
        long began = clock.millis();
        for (int i = 0; i < read.open.size(); i++) {
            var one = ask(tenant, read.open.get(i), read.records);
            if (judge != null) { // so that the model is asked here, not in a transaction
                engine.decide(one.alert, one.intel, one.rule, now());
            }
            asked.add(one);
            boolean isLast = i == read.open.size() - 1;
            if (!isLast && clock.millis() - began >= LONGEST_ASKED) {
                keep(claim.of(of(asked, waiting)), asked, told);
                asked.clear();
                began = clock.millis();
            }
        }
        keep(claim.of(waiting), asked, told);
    }

    /** The items of those that were asked about, which wait no longer. */
    private static List<Claim.Item> of(List<Asked> asked, List<Claim.Item> waiting) {
        var ids = new HashSet<UUID>();
        asked.forEach(one -> ids.add(one.subject.id().uuid()));
        var items =
                waiting.stream().filter(item -> ids.contains(item.subject())).toList();
        waiting.removeAll(items);
        return items;
    }

    private void keep(Claim claim, List<Asked> asked, @Nullable Judge told) {
        database.inTenant(claim.tenant(), connection -> {
            var acts = write(connection, claim.tenant(), asked, told);
            OutcomeRows.follow(connection, claim.tenant(), claim.subjects());
            claim.done(connection);
            acts.tell();
            return true;
        });
    }

    private static Read read(Connection connection, Claim claim) throws SQLException {
        var open = DecisionRows.open(connection, claim.tenant(), claim.subjects());
        Set<Version> versions = new LinkedHashSet<>();
        open.forEach(subject -> versions.add(subject.rule()));
        return new Read(
                SettingsRows.now(connection, claim.tenant()),
                open,
                versions.isEmpty() ? Map.of() : OutcomeRows.outcomes(connection, claim.tenant(), versions));
    }

    private Asked ask(TenantId tenant, Subject subject, Map<Version, Outcomes> records) {
        var worst = subject.indicators().stream()
                .map(indicator -> enrichment.ask(tenant, indicator))
                .max(WORST)
                .orElseGet(() -> IntelResult.of(subject.alert().indicator(), List.of()));
        var alert = subject.about(worst.indicator());
        var rule = new RuleRecord(
                subject.rule().ruleId(),
                subject.rule().version(),
                proofs.apply(subject.reading().rule()),
                records.getOrDefault(subject.rule(), Outcomes.NONE));
        return new Asked(subject, alert, worst, rule);
    }

    /**
     * Of several indicators the one that speaks most against closing decides: the worst of those that are bad, else one
     * about which nobody answered, else one that nobody knows.
     */
    private static final Comparator<IntelResult> WORST = Comparator.comparing(
                    (IntelResult result) -> result.confidence().compareTo(RiskLevel.MEDIUM.from()) >= 0)
            .thenComparing(result -> result.level().from().compareTo(RiskLevel.MEDIUM.from()) >= 0
                    ? result.confidence()
                    : java.math.BigDecimal.ZERO)
            .thenComparing(IntelResult::allFailed)
            .thenComparing(result -> result.signals().isEmpty())
            .thenComparing(IntelResult::confidence)
            .thenComparing(result -> result.indicator().key(), Comparator.reverseOrder());

    /** Decides again by what is in force now, and keeps it. */
    private OwnActs write(Connection connection, TenantId tenant, List<Asked> asked, @Nullable Judge told)
            throws SQLException {
        var at = now();
        var acts = new OwnActs(connection, tenant, new OwnActs.By(ACTOR, ACTOR, at));
        if (asked.isEmpty()) {
            return acts;
        }
        SettingsRows.lock(connection, tenant);
        var settings = SettingsRows.now(connection, tenant);
        var decided = DecisionRows.decided(
                connection,
                tenant,
                asked.stream().map(one -> one.subject.id().uuid()).toList());
        var open = asked.stream()
                .filter(one -> !decided.contains(one.subject.id().uuid()))
                .sorted(Comparator.comparing(one -> one.subject.id().toString()))
                .toList();
        acts.lock(open.stream().map(one -> one.subject.id()).toList());
        var engine = new DecisionEngine(settings.inForce(), told);
        var jewels = CrownJewels.read(connection, tenant);
        var made = new ArrayList<Making>();
        for (Asked one : open) {
            var alert = one.alert(jewels);
            var decision = engine.decide(alert, one.intel, one.rule, at);
            made.add(new Making(decision, Measures.of(alert, decision), act(acts, decision, settings)));
        }
        keep(connection, tenant, made, settings.version());
        acts.write();
        return acts;
    }

    private record Making(Decision decision, Measures measures, Effect effect) {
        AuditLog.Entry entry() {
            return new AuditLog.Entry(
                    decision.processedAt(),
                    ACTOR,
                    "decision.make",
                    "alert:" + decision.alertId(),
                    audit(decision, effect));
        }
    }

    /** Each with its audit entry. */
    private static void keep(Connection connection, TenantId tenant, List<Making> all, int settings)
            throws SQLException {
        if (all.isEmpty()) {
            return;
        }
        long seq = AuditLog.append(
                connection, tenant, all.stream().map(Making::entry).toList());
        var rows = new ArrayList<DecisionRows.Made>();
        for (Making one : all) {
            rows.add(new DecisionRows.Made(one.decision, one.measures, settings, one.effect, seq++));
        }
        DecisionRows.insert(connection, tenant, rows);
    }

    /** Only on what nobody has taken or closed: people are not overruled. */
    private Effect act(OwnActs acts, Decision decision, Settings settings) {
        var id = decision.alertId();
        var why = decision.explanation().reasons().getFirst();
        boolean untouched = acts.status(id) == AlertStatus.NEW;
        return switch (decision.ruling()) {
            case HUMAN_REVIEW -> Effect.NONE;
            case ESCALATE ->
                acts.status(id) != null
                                && !acts.escalated(id)
                                && acts.act(id, List.of(new Act.Escalate(true)), "decided: " + why)
                        ? Effect.ESCALATED
                        : Effect.NONE;
            case AUTO_CLOSE -> {
                if (!untouched) {
                    yield Effect.NONE;
                }
                if (random.nextInt(100) < settings.samplePercent()) {
                    acts.act(id, List.of(new Act.Tag(Set.of(SAMPLED), Set.of())), "would have been closed: " + why);
                    yield Effect.SAMPLED;
                }
                yield acts.act(id, List.of(new Act.Move(AlertStatus.DISMISSED, null, null, null)), "decided: " + why)
                        ? Effect.CLOSED
                        : Effect.NONE;
            }
        };
    }

    private static String audit(Decision decision, Effect effect) {
        var rule = decision.explanation().ruleTriggered();
        var review = decision.explanation().reviewReason();
        return DecisionJson.build(to -> {
            to.writeStartObject();
            to.writeStringProperty("decision", decision.ruling().word());
            to.writeStringProperty("effect", effect.word());
            IntelJson.number(to, "confidence", decision.confidence().fraction());
            to.writeStringProperty("reason", decision.explanation().reasons().getFirst());
            if (rule != null) {
                to.writeStringProperty("rule_triggered", rule.word());
            }
            if (review != null) {
                to.writeStringProperty("review_reason", review.word());
            }
            if (decision.model() != null) {
                to.writeStringProperty("model", decision.model());
                to.writeStringProperty("prompt_hash", decision.promptHash());
            }
            to.writeEndObject();
        });
    }

    /** What the database and the API both keep. */
    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
