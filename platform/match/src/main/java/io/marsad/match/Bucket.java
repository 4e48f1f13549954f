package io.marsad.match;

import io.marsad.kernel.event.LogSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules for one log source. Of each rule some literals are known to be necessary; the cheapest such set is looked for
 * in one scan per field, and only rules of which one was found are evaluated, with those that have none.
 *
 * <p>Immutable, thread-safe.
 */
final class Bucket {
    /** A rule by its index in the matcher. */
    record Rule(int index, Expr expr) {}

    /** What is looked for in one slot, and what finding it means. */
    record Scan(int slot, List<Literal> literals, LiteralScanner scanner, int[][] proves, int[][] wakes) {}

    private final LogSource wanted;
    private final int[] indexes;
    private final Node[] nodes;
    private final int[] always;
    private final Scan[] scans;

    private Bucket(LogSource wanted, int[] indexes, Node[] nodes, int[] always, Scan[] scans) {
        this.wanted = wanted;
        this.indexes = indexes;
        this.nodes = nodes;
        this.always = always;
        this.scans = scans;
    }

    LogSource wanted() {
        return wanted;
    }

    int size() {
        return indexes.length;
    }

    /** The matcher's index of this bucket's rule. */
    int index(int rule) {
        return indexes[rule];
    }

    Node node(int rule) {
        return nodes[rule];
    }

    /** Rules that have to be evaluated for each event. */
    int[] always() {
        return always;
    }

    Scan[] scans() {
        return scans;
    }

    /** @param prefiltered rules are only evaluated when something that they need was found */
    static Bucket of(LogSource wanted, List<Rule> rules, Atoms atoms, boolean prefiltered) {
        var scanned = new BitSet();
        var always = new ArrayList<Integer>();
        var slots = new TreeMap<Integer, LinkedHashMap<Literal, Meaning>>();
        for (int r = 0; r < rules.size(); r++) {
            var anchors = prefiltered ? Anchors.of(rules.get(r).expr(), atoms) : null;
            if (anchors == null) {
                always.add(r);
                continue;
            }
            for (int atom : anchors.atoms()) {
                var a = atoms.get(atom);
                boolean first = !scanned.get(atom);
                scanned.set(atom);
                var literals = slots.computeIfAbsent(a.slot(), s -> new LinkedHashMap<>());
                for (Literal literal : a.needs()) {
                    var meaning = literals.computeIfAbsent(literal, l -> new Meaning());
                    meaning.wakes.add(r);
                    if (first && a.decidedByNeeds()) {
                        meaning.proves.add(atom);
                    }
                }
            }
        }
        var nodes = rules.stream()
                .map(rule -> Node.of(
                        rule.expr(),
                        atoms,
                        atom -> scanned.get(atom) && atoms.get(atom).decidedByNeeds()))
                .toArray(Node[]::new);
        var scans = slots.entrySet().stream()
                .map(e -> scan(e.getKey(), e.getValue()))
                .toArray(Scan[]::new);
        return new Bucket(wanted, rules.stream().mapToInt(Rule::index).toArray(), nodes, ints(always), scans);
    }

    /** What it means that a literal was found. */
    private static final class Meaning {
        private final List<Integer> proves = new ArrayList<>();
        private final List<Integer> wakes = new ArrayList<>();
    }

    private static Scan scan(int slot, LinkedHashMap<Literal, Meaning> literals) {
        var meanings = literals.sequencedValues();
        var wanted = List.copyOf(literals.sequencedKeySet());
        return new Scan(
                slot,
                wanted,
                new LiteralScanner(wanted),
                meanings.stream().map(m -> ints(m.proves)).toArray(int[][]::new),
                meanings.stream().map(m -> ints(m.wakes)).toArray(int[][]::new));
    }

    private static int[] ints(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).distinct().toArray();
    }

    /** Atoms of which one is true whenever the whole is, each with literals to look for; and how often they would be found. */
    record Anchors(int[] atoms, double commonness) {
        /** The best there is, or null when none is known. */
        static @Nullable Anchors of(Expr expr, Atoms atoms) {
            return switch (expr) {
                case Expr.Is(int atom) -> of(atom, atoms);
                case Expr.All(List<Expr> parts) -> {
                    Anchors best = null;
                    for (Expr part : parts) {
                        var other = of(part, atoms);
                        if (other != null && (best == null || other.commonness < best.commonness)) {
                            best = other;
                        }
                    }
                    yield best;
                }
                case Expr.Any(List<Expr> parts) -> {
                    Anchors union = new Anchors(new int[0], 0);
                    for (Expr part : parts) {
                        var other = of(part, atoms);
                        if (other == null) {
                            yield null;
                        }
                        union = union.and(other);
                    }
                    yield union;
                }
                case Expr.No _ -> null;
                case Expr.Fixed(boolean value) -> value ? null : new Anchors(new int[0], 0);
            };
        }

        private static @Nullable Anchors of(int atom, Atoms atoms) {
            var needs = atoms.get(atom).needs();
            if (needs.isEmpty()) {
                return null;
            }
            double commonness = 0;
            for (Literal literal : needs) {
                commonness += Commonness.of(literal);
            }
            return new Anchors(new int[] {atom}, commonness);
        }

        private Anchors and(Anchors other) {
            int[] both = Arrays.copyOf(atoms, atoms.length + other.atoms.length);
            System.arraycopy(other.atoms, 0, both, atoms.length, other.atoms.length);
            return new Anchors(both, commonness + other.commonness);
        }
    }
}
