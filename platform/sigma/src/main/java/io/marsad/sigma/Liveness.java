package io.marsad.sigma;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.predicate.Predicate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which rules can fire with the sources that are mapped, and why the others cannot. A rule that cannot fire is no coverage.
 *
 * <p>A rule can fire when some kind of event is of its log source and its whole condition can come true there: tests of
 * fields that such events never have are false, their negations true, everything else is taken to be possible. So a rule
 * with another way to come true still can fire, and one that is said to be unable really is.
 *
 * <p>For {@code marsad rules check}: {@code Liveness.of(rules, kinds)} gives {@link #verdicts} in the order of
 * {@link RuleSet#rules} and then {@link RuleSet#correlations}; show {@link #able} and {@link #unable} as counts and, of each
 * of {@link #unable}, file, title and {@link Verdict#reason}. Immutable, thread-safe.
 */
public final class Liveness {
    private static final int MOST_NAMES = 5;

    private final List<Verdict> verdicts;

    /**
     * What is known of one rule or correlation.
     *
     * @param reason why it cannot fire; null when it can
     * @param kind what keeps it from firing; null when it can
     */
    public record Verdict(
            About about, @Nullable Obstacle kind, @Nullable String reason) {
        public boolean canFire() {
            return kind == null;
        }
    }

    /** What can keep a rule from firing. */
    public enum Obstacle {
        /** No mapping makes events of its log source. */
        SOURCE,
        /** No mapping gives such events the fields that it needs. */
        FIELD,
        /** A list that its placeholders stand for is not known. */
        LIST,
        /** A rule that a correlation needs cannot fire. */
        RULE
    }

    private Liveness(List<Verdict> verdicts) {
        this.verdicts = List.copyOf(verdicts);
    }

    /** Judges every rule and correlation of the set. */
    public static Liveness of(RuleSet rules, List<ProvidedEvents> kinds) {
        var bySource = new HashMap<LogSource, List<ProvidedEvents>>();
        var byId = new HashMap<String, Verdict>();
        var verdicts = new ArrayList<Verdict>();
        for (SigmaRule rule : rules.rules()) {
            var fitting = bySource.computeIfAbsent(
                    rule.logSource(),
                    wanted -> kinds.stream()
                            .filter(kind -> kind.source().satisfies(wanted))
                            .toList());
            var verdict = verdict(rule, fitting);
            byId.put(rule.id(), verdict);
            verdicts.add(verdict);
        }
        for (Correlation correlation : rules.correlations()) {
            var verdict = verdict(correlation, byId);
            byId.put(verdict.about().id(), verdict); // for those that count it, which come later
            verdicts.add(verdict);
        }
        return new Liveness(verdicts);
    }

    /** Of every rule, then of every correlation. */
    public List<Verdict> verdicts() {
        return verdicts;
    }

    /** How many can fire. */
    public int able() {
        return verdicts.size() - unable().size();
    }

    /** Those that cannot fire. */
    public List<Verdict> unable() {
        return verdicts.stream().filter(verdict -> !verdict.canFire()).toList();
    }

    // ---- one rule

    private static Verdict verdict(SigmaRule rule, List<ProvidedEvents> kinds) {
        if (kinds.isEmpty()) {
            return new Verdict(rule.about(), Obstacle.SOURCE, "no mapping provides " + rule.logSource());
        }
        if (!rule.missingLists().isEmpty()) {
            return new Verdict(
                    rule.about(),
                    Obstacle.LIST,
                    "no list is known for %" + String.join("%, %", new TreeSet<>(rule.missingLists())) + "%");
        }
        for (ProvidedEvents kind : kinds) {
            if (canBe(rule.predicate(), kind, true)) {
                return new Verdict(rule.about(), null, null);
            }
        }
        return new Verdict(rule.about(), Obstacle.FIELD, missing(rule, kinds));
    }

    /** Says which fields keep the condition from coming true. */
    private static String missing(SigmaRule rule, List<ProvidedEvents> kinds) {
        var parts = new ArrayList<String>();
        var always = new ArrayList<String>();
        for (Selection selection : rule.selections()) {
            if (kinds.stream().noneMatch(kind -> canBe(selection.predicate(), kind, true))) {
                parts.add("'" + selection.name() + "' needs " + names(selection, kinds));
            } else if (kinds.stream().noneMatch(kind -> canBe(selection.predicate(), kind, false))) {
                always.add("'" + selection.name() + "' always holds without " + names(selection, kinds));
            }
        }
        if (parts.isEmpty() || !always.isEmpty() && rule.condition().contains("not")) {
            parts.addAll(always);
        }
        var provided = "no mapping of " + rule.logSource() + " provides ";
        return parts.isEmpty()
                ? provided + "all that its condition needs in one event"
                : provided + "what the condition asks for: " + String.join("; ", parts);
    }

    private static String names(Selection selection, List<ProvidedEvents> kinds) {
        var names = new LinkedHashSet<String>();
        for (Selection.Test test : selection.tests()) {
            boolean had = kinds.stream().anyMatch(kind -> test.slots().stream().anyMatch(slot -> mayHave(slot, kind)));
            if (!had) {
                names.add(test.field());
            }
        }
        if (names.isEmpty()) {
            return "fields that no event has together";
        }
        var shown = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        return names.size() > MOST_NAMES ? shown + " and " + (names.size() - MOST_NAMES) + " more" : shown;
    }

    // ---- one correlation

    private static Verdict verdict(Correlation correlation, Map<String, Verdict> byId) {
        var about = correlation.definition().about();
        var dead = new TreeSet<String>();
        var definition = correlation.definition();
        int members = correlation.members().size() + correlation.inners().size();
        for (Correlation.Member member : correlation.members()) {
            var verdict = byId.get(member.rule().id());
            if (verdict != null && !verdict.canFire()) {
                dead.add(member.rule().about().title());
            }
        }
        for (Correlation.Inner inner : correlation.inners()) {
            var counted = inner.correlation().definition().about();
            var verdict = byId.get(counted.id());
            if (verdict != null && !verdict.canFire()) {
                dead.add(counted.title());
            }
        }
        boolean needsAll = switch (definition.type()) {
            case TEMPORAL, TEMPORAL_ORDERED -> definition.bounds().isEmpty() && definition.words() == null;
            case EVENT_COUNT, VALUE_COUNT, VALUE_SUM, VALUE_AVG, VALUE_PERCENTILE -> false;
        };
        if (dead.isEmpty() || !needsAll && dead.size() < members) {
            return new Verdict(about, null, null);
        }
        return new Verdict(about, Obstacle.RULE, "it needs rules that cannot fire: " + String.join(", ", dead));
    }

    // ---- the condition

    /** Whether the predicate can have the value for an event of the kind. */
    private static boolean canBe(Predicate predicate, ProvidedEvents kind, boolean value) {
        return switch (predicate) {
            case Predicate.And(var all) ->
                value
                        ? all.stream().allMatch(one -> canBe(one, kind, true))
                        : all.stream().anyMatch(one -> canBe(one, kind, false));
            case Predicate.Or(var any) ->
                value
                        ? any.stream().anyMatch(one -> canBe(one, kind, true))
                        : any.stream().allMatch(one -> canBe(one, kind, false));
            case Predicate.Not(var of) -> canBe(of, kind, !value);
            case Predicate.IsNull(var field) -> value || mayHave(field, kind);
            case Predicate.Exists(var field) -> !value || mayHave(field, kind);
            case Predicate.FieldRef(var field, var other, var relation) ->
                !value || mayHave(field, kind) && mayHave(other, kind);
            case Predicate.OfSource _ -> true; // rules name theirs apart from what they test
            case Predicate.Text text -> !value || mayHave(text.field(), kind);
            case Predicate.Regex regex -> !value || mayHave(regex.field(), kind);
            case Predicate.Cidr cidr -> !value || mayHave(cidr.field(), kind);
            case Predicate.Number number -> !value || mayHave(number.field(), kind);
            case Predicate.DatePart part -> !value || mayHave(part.field(), kind);
        };
    }

    private static boolean mayHave(Field field, ProvidedEvents kind) {
        return field == Predicate.VALUES || field == Predicate.ANYWHERE || kind.mayHave(field);
    }
}
