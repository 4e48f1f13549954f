package io.marsad.bench.sigma;

import io.marsad.kernel.event.EventBatch;
import io.marsad.match.Hits;
import io.marsad.match.Matcher;
import io.marsad.match.MatcherCompiler;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.DetectionSink;
import io.marsad.sigma.RuleMatcher;
import io.marsad.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;

/** The measurements: engines interleaved, the best pass of each counts. */
final class SigmaBench {
    private final List<SigmaRule> rules;
    private final RuleMatcher matcher;
    private final Workload workload;

    SigmaBench(List<SigmaRule> rules, RuleMatcher matcher, Workload workload) {
        this.rules = rules;
        this.matcher = matcher;
        this.workload = workload;
    }

    /** Microseconds of CPU an event, unless said otherwise. */
    record Times(
            double processCreation,
            double naive,
            double oneByOne,
            double mixed,
            double doubled,
            double single,
            double allocatedProcessCreation,
            double allocatedMixed) {}

    Times measure(int rounds, DoubleConsumer progress) {
        var product = product(matcher);
        var compiler = new MatcherCompiler();
        rules.forEach(r -> compiler.add(r.logSource(), r.predicate()));
        var single = plain(compiler.compile());
        var oneByOne = plain(compiler.compileOneByOne());
        rules.forEach(r -> compiler.add(r.logSource(), Perturbed.of(r.predicate())));
        var doubled = plain(compiler.compile());
        var strings = new NaiveMatcher(rules);
        var found = new ArrayList<Integer>();
        Meter.Engine naive = (batch, row) -> strings.match(batch, row, found);
        var launches = workload.processCreation();
        var best = new double[6];
        java.util.Arrays.fill(best, Double.MAX_VALUE);
        for (int round = 0; round < rounds; round++) {
            best[0] = Math.min(best[0], Meter.pass(product, launches));
            best[3] = Math.min(best[3], Meter.pass(product, workload.mixed()));
            best[4] = Math.min(best[4], Meter.pass(doubled, launches));
            best[5] = Math.min(best[5], Meter.pass(single, launches));
            if (round % 4 == 3) {
                best[1] = Math.min(best[1], Meter.pass(naive, launches));
                best[2] = Math.min(best[2], Meter.pass(oneByOne, launches));
            }
            progress.accept((round + 1.0) / rounds);
        }
        return new Times(
                best[0],
                best[1],
                best[2],
                best[3],
                best[4],
                best[5],
                Meter.allocated(product, launches),
                Meter.allocated(product, workload.mixed()));
    }

    /** Events for which the engines do not find the same rules. */
    int differences() {
        var compiler = new MatcherCompiler();
        rules.forEach(r -> compiler.add(r.logSource(), r.predicate()));
        var fast = compiler.compile();
        var slow = compiler.compileOneByOne();
        var strings = new NaiveMatcher(rules);
        var a = new Hits();
        var b = new Hits();
        var c = new ArrayList<Integer>();
        int different = 0;
        for (List<EventBatch> batches : List.of(workload.processCreation(), workload.mixed())) {
            for (EventBatch batch : batches) {
                for (int row = 0; row < batch.rows(); row++) {
                    fast.match(batch, row, a);
                    slow.match(batch, row, b);
                    strings.match(batch, row, c);
                    boolean same = java.util.Arrays.equals(a.toArray(), b.toArray())
                            && java.util.Arrays.equals(
                                    a.toArray(),
                                    c.stream().mapToInt(Integer::intValue).toArray());
                    different += same ? 0 : 1;
                }
            }
        }
        return different;
    }

    private static Meter.Engine plain(Matcher matcher) {
        var hits = new Hits();
        return (batch, row) -> {
            matcher.match(batch, row, hits);
            return hits.size();
        };
    }

    private static Meter.Engine product(RuleMatcher matcher) {
        var count = new int[1];
        var sink = new DetectionSink() {
            @Override
            public void detected(SigmaRule rule, EventBatch batch, int row) {
                count[0]++;
            }

            @Override
            public void contributed(Correlation c, Correlation.Member member, EventBatch batch, int row) {
                count[0]++;
            }
        };
        return (batch, row) -> {
            count[0] = 0;
            matcher.match(batch, row, sink);
            return count[0];
        };
    }
}
