package io.marsad.bench.grouping;

import io.marsad.soc.correlate.AlertFact;
import io.marsad.soc.correlate.Kind;
import io.marsad.soc.correlate.Observable;
import io.marsad.soc.correlate.Parameters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;

/** Whether the result hangs on a parameter, on one incident, on single entities, or on incidents lying far apart in time. */
final class Sensitivity {
    private static final double[] FACTORS = {0.5, 0.75, 1.5, 2};
    private static final int ROUNDS = 50;

    private final LabelledAlerts set;
    private final Random random;

    Sensitivity(LabelledAlerts set, long seed) {
        this.set = set;
        this.random = new Random(seed);
    }

    /** Says each line as soon as it is known: all of it takes a minute. */
    void run(Consumer<String> lines) {
        parameters(lines);
        withoutOne(lines);
        lines.accept(spread("a fifth of the entities missing", this::withoutEntities));
        lines.accept(spread("half of the entities missing", facts -> withoutEntities(facts, 0.5)));
        lines.accept(spread("a fifth of the alerts missing", this::withoutAlerts));
        lines.accept(spread("another order of arrival", this::shuffled));
        lines.accept(format("all incidents begin at one time", score(squeezed(Duration.ZERO))));
        lines.accept(format("incidents begin 6 h apart", score(squeezed(Duration.ofHours(6)))));
        lines.accept(format("incidents begin 1 day apart", score(squeezed(Duration.ofDays(1)))));
        for (int daily : new int[] {10, 50, 200}) {
            lines.accept(format("among " + daily + " others a day", among(set, daily)));
            lines.accept(format("the same, all begin at one time", among(squeezed(Duration.ZERO), daily)));
        }
    }

    /** With alerts of the same directory that have nothing to do with it, from 30 days before the first to after the last. */
    private Score among(LabelledAlerts part, int daily) {
        var first = Collections.min(part.facts().stream().map(AlertFact::start).toList())
                .minus(Duration.ofDays(30));
        var last = Collections.max(part.facts().stream().map(AlertFact::end).toList());
        var span = Duration.between(first, last);
        var facts = new ArrayList<>(part.facts());
        var labels = new ArrayList<>(part.labels());
        for (AlertFact other :
                new MadeUp(random.nextLong(), directory(part)).alerts((int) (daily * span.toDays()), first, span)) {
            facts.add(other);
            labels.add(Set.of());
        }
        return Score.of(
                Grouping.groups(facts, Parameters.usual()), labels, part.facts().size());
    }

    /** The one that most alerts name. */
    private static String directory(LabelledAlerts part) {
        var counts = new HashMap<String, Integer>();
        for (AlertFact fact : part.facts()) {
            fact.observables().stream()
                    .filter(observable -> observable.kind() == Kind.DIRECTORY)
                    .forEach(observable -> counts.merge(observable.name(), 1, Integer::sum));
        }
        return counts.entrySet().stream()
                .max(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse("example.org");
    }

    private void parameters(Consumer<String> lines) {
        var usual = Parameters.usual();
        scaled(usual).forEach((name, with) -> {
            var line = new StringBuilder();
            for (double factor : FACTORS) {
                var parameters = with.apply(factor);
                line.append(String.format(
                        Locale.ROOT,
                        "  x%.2f F1 %.3f",
                        factor,
                        Score.of(Grouping.groups(set.facts(), parameters), set.labels())
                                .f1()));
            }
            lines.accept(String.format(Locale.ROOT, "%-32s%s", name, line));
        });
    }

    /** Each parameter alone, times a factor; chances stay below 1, and what joins groups holds an alert. */
    private static Map<String, DoubleFunction<Parameters>> scaled(Parameters p) {
        var all = new LinkedHashMap<String, DoubleFunction<Parameters>>();
        all.put("firm", x -> of(p, new double[] {x, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}));
        all.put("loose", x -> of(p, new double[] {1, x, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}));
        all.put("faint", x -> of(p, new double[] {1, 1, x, 1, 1, 1, 1, 1, 1, 1, 1, 1}));
        all.put("progress", x -> of(p, new double[] {1, 1, 1, x, 1, 1, 1, 1, 1, 1, 1, 1}));
        all.put("asset half-life", x -> of(p, new double[] {1, 1, 1, 1, x, 1, 1, 1, 1, 1, 1, 1}));
        all.put("artifact half-life", x -> of(p, new double[] {1, 1, 1, 1, 1, x, 1, 1, 1, 1, 1, 1}));
        all.put("moment half-life", x -> of(p, new double[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, x}));
        all.put("link", x -> of(p, new double[] {1, 1, 1, 1, 1, 1, x, 1, 1, 1, 1, 1}));
        all.put("attach", x -> of(p, new double[] {1, 1, 1, 1, 1, 1, 1, x, 1, 1, 1, 1}));
        all.put("busy days", x -> of(p, new double[] {1, 1, 1, 1, 1, 1, 1, 1, x, 1, 1, 1}));
        all.put("longest", x -> of(p, new double[] {1, 1, 1, 1, 1, 1, 1, 1, 1, x, 1, 1}));
        all.put("largest group", x -> of(p, new double[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, x, 1}));
        return all;
    }

    private static Parameters of(Parameters p, double[] x) {
        double link = Math.min(0.95, p.link() * x[6]);
        return new Parameters(
                Math.min(0.95, p.firm() * x[0]),
                Math.min(0.95, p.loose() * x[1]),
                Math.min(0.95, p.faint() * x[2]),
                Math.min(0.95, p.progress() * x[3]),
                times(p.assetHalfLife(), x[4]),
                times(p.artifactHalfLife(), x[5]),
                times(p.momentHalfLife(), x[11]),
                link,
                Math.min(link, p.attach() * x[7]),
                Math.max(1, (int) Math.round(p.busyDays() * x[8])),
                times(p.longest(), x[9]),
                Math.max(2, (int) Math.round(p.maxGroup() * x[10])),
                p.maxAlerts());
    }

    private static Duration times(Duration duration, double factor) {
        return Duration.ofMillis(Math.round(duration.toMillis() * factor));
    }

    private void withoutOne(Consumer<String> lines) {
        for (String left : allLabels()) {
            var kept = new ArrayList<Integer>();
            for (int i = 0; i < set.facts().size(); i++) {
                if (!set.labels().get(i).contains(left)) {
                    kept.add(i);
                }
            }
            var part = new LabelledAlerts(
                    kept.stream().map(set.facts()::get).toList(),
                    kept.stream().map(set.labels()::get).toList(),
                    List.of());
            lines.accept(format("without incident " + left, score(part)));
        }
    }

    /** Something that is done to the alerts at random. */
    private interface Change {
        LabelledAlerts of(LabelledAlerts set);
    }

    private String spread(String title, Change change) {
        var f1 = new ArrayList<Double>();
        for (int i = 0; i < ROUNDS; i++) {
            f1.add(score(change.of(set)).f1());
        }
        Collections.sort(f1);
        return String.format(
                Locale.ROOT,
                "%-32s  F1 of %d rounds: least %.3f  median %.3f  most %.3f",
                title,
                ROUNDS,
                f1.getFirst(),
                f1.get(ROUNDS / 2),
                f1.getLast());
    }

    private LabelledAlerts withoutEntities(LabelledAlerts from) {
        return withoutEntities(from, 0.2);
    }

    private LabelledAlerts withoutEntities(LabelledAlerts from, double part) {
        var facts = new ArrayList<AlertFact>();
        for (AlertFact fact : from.facts()) {
            List<Observable> left = fact.observables().stream()
                    .filter(observable -> random.nextDouble() >= part)
                    .toList();
            facts.add(new AlertFact(
                    fact.id(), fact.start(), fact.end(), fact.title(), fact.tactics(), left, fact.egress()));
        }
        return new LabelledAlerts(facts, from.labels(), List.of());
    }

    private LabelledAlerts withoutAlerts(LabelledAlerts from) {
        return picked(
                from,
                numbers(from).stream().filter(i -> random.nextDouble() >= 0.2).toList());
    }

    private LabelledAlerts shuffled(LabelledAlerts from) {
        var order = numbers(from);
        Collections.shuffle(order, random);
        return picked(from, order);
    }

    private static List<Integer> numbers(LabelledAlerts from) {
        var numbers = new ArrayList<Integer>();
        for (int i = 0; i < from.facts().size(); i++) {
            numbers.add(i);
        }
        return numbers;
    }

    private static LabelledAlerts picked(LabelledAlerts from, List<Integer> order) {
        return new LabelledAlerts(
                order.stream().map(from.facts()::get).toList(),
                order.stream().map(from.labels()::get).toList(),
                List.of());
    }

    /** The incidents moved in time so that one begins so long after the other: then only what they name tells them apart. */
    private LabelledAlerts squeezed(Duration apart) {
        var begins = new HashMap<String, Instant>();
        for (int i = 0; i < set.facts().size(); i++) {
            for (String label : set.labels().get(i)) {
                begins.merge(label, set.facts().get(i).start(), (a, b) -> a.isBefore(b) ? a : b);
            }
        }
        var order = new ArrayList<>(begins.entrySet());
        order.sort(Map.Entry.<String, Instant>comparingByValue().thenComparing(Map.Entry.comparingByKey()));
        var moves = new HashMap<String, Duration>();
        for (int i = 0; i < order.size(); i++) {
            var to = order.getFirst().getValue().plus(apart.multipliedBy(i));
            moves.put(order.get(i).getKey(), Duration.between(order.get(i).getValue(), to));
        }
        var facts = new ArrayList<AlertFact>();
        for (int i = 0; i < set.facts().size(); i++) {
            var fact = set.facts().get(i);
            var move = set.labels().get(i).stream()
                    .sorted()
                    .findFirst()
                    .map(moves::get)
                    .orElse(Duration.ZERO);
            facts.add(new AlertFact(
                    fact.id(),
                    fact.start().plus(move),
                    fact.end().plus(move),
                    fact.title(),
                    fact.tactics(),
                    fact.observables(),
                    fact.egress()));
        }
        return new LabelledAlerts(facts, set.labels(), List.of());
    }

    private Set<String> allLabels() {
        var all = new TreeSet<String>();
        set.labels().forEach(all::addAll);
        return all;
    }

    private static Score score(LabelledAlerts part) {
        return Score.of(Grouping.groups(part.facts(), Parameters.usual()), part.labels());
    }

    private static String format(String title, Score score) {
        return String.format(Locale.ROOT, "%-32s  %s", title, score.words());
    }
}
