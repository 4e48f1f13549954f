package io.marsad.soc.decision.service;

import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Verdict;
import io.marsad.soc.decision.Ruling;
import io.marsad.soc.decision.Thresholds;
import io.marsad.soc.decision.service.ThresholdPreview.Change;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decisions of the past, compared anew with other thresholds, without asking anybody again. Immutable. */
public final class ThresholdReplay {
    private static final int EXAMPLES = 20;
    private static final Ruling[] RULINGS = Ruling.values();

    private final Settings settings;
    private final long decided;
    private final List<DecisionRows.Past> past;
    private final Ruling[] before;

    private ThresholdReplay(Settings settings, long decided, List<DecisionRows.Past> past) {
        this.settings = settings;
        this.decided = decided;
        this.past = List.copyOf(past);
        this.before = past.stream()
                .map(one -> one.measures().ruling(settings.inForce()))
                .toArray(Ruling[]::new);
    }

    /**
     * The newest {@link ThresholdPreview#MOST}, beside what is in force now.
     *
     * @param to exclusive; null: up to now
     */
    public static ThresholdReplay load(Connection connection, TenantId tenant, Instant from, @Nullable Instant to)
            throws SQLException {
        return new ThresholdReplay(
                SettingsRows.now(connection, tenant),
                DecisionRows.counts(connection, tenant, from, to).values().stream()
                        .mapToLong(Long::longValue)
                        .sum(),
                DecisionRows.past(connection, tenant, from, to, ThresholdPreview.MOST));
    }

    /**
     * Only those that may change anywhere between these two, which differ in one number: each decision compares a number
     * once, so whatever both ends leave as it is stays so in between.
     */
    public ThresholdReplay between(Thresholds least, Thresholds most) {
        var open = new ArrayList<DecisionRows.Past>();
        for (int i = 0; i < before.length; i++) {
            var measures = past.get(i).measures();
            if (measures.ruling(least) != before[i] || measures.ruling(most) != before[i]) {
                open.add(past.get(i));
            }
        }
        return new ThresholdReplay(settings, decided, open);
    }

    /** In force now. */
    public Settings settings() {
        return settings;
    }

    /** How many there are. */
    public long decided() {
        return decided;
    }

    /** How many are looked at. */
    public int looked() {
        return past.size();
    }

    /** How many of these have a verdict that says what the alert was. */
    public int judged() {
        return (int) past.stream()
                .map(DecisionRows.Past::verdict)
                .filter(verdict -> verdict == Verdict.TRUE_POSITIVE
                        || verdict == Verdict.BENIGN
                        || verdict == Verdict.FALSE_POSITIVE)
                .count();
    }

    /** From what to what these would change decisions, in the order of the rulings. */
    public List<Change> changes(Thresholds thresholds) {
        var counts = new int[RULINGS.length * RULINGS.length][4];
        for (int i = 0; i < before.length; i++) {
            var one = past.get(i);
            var after = one.measures().ruling(thresholds);
            if (after != before[i]) {
                var count = counts[before[i].ordinal() * RULINGS.length + after.ordinal()];
                count[0]++;
                count[1] += one.verdict() == Verdict.TRUE_POSITIVE ? 1 : 0;
                count[2] += one.verdict() == Verdict.BENIGN ? 1 : 0;
                count[3] += one.verdict() == Verdict.FALSE_POSITIVE ? 1 : 0;
            }
        }
        var changes = new ArrayList<Change>();
        for (Ruling from : RULINGS) {
            for (Ruling to : RULINGS) {
                var count = counts[from.ordinal() * RULINGS.length + to.ordinal()];
                if (count[0] > 0) {
                    changes.add(new Change(from, to, count[0], count[1], count[2], count[3]));
                }
            }
        }
        return changes;
    }

    /** What these would have decided. */
    public ThresholdPreview preview(Thresholds thresholds) {
        Map<Ruling, Integer> now = new EnumMap<>(Ruling.class);
        Map<Ruling, Integer> then = new EnumMap<>(Ruling.class);
        var examples = new ArrayList<ThresholdPreview.Example>();
        for (int i = 0; i < before.length; i++) {
            var one = past.get(i);
            var after = one.measures().ruling(thresholds);
            now.merge(before[i], 1, Integer::sum);
            then.merge(after, 1, Integer::sum);
            if (after != before[i] && examples.size() < EXAMPLES) {
                examples.add(new ThresholdPreview.Example(one.id(), one.title(), before[i], after));
            }
        }
        return new ThresholdPreview(decided, past.size(), now, then, changes(thresholds), examples);
    }
}
