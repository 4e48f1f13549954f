package io.marsad.sigma.proof;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.event.EventBatch;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.DetectionSink;
import io.marsad.sigma.RuleSet;
import io.marsad.sigma.SigmaRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How often rules fire on the samples that have to make other rules fire: a rule that does so often says little by itself,
 * and the analyst sees two alerts for one thing. Rules about single events are measured, on the samples of every file.
 */
public final class CrossFire {
    private CrossFire() {}

    /**
     * A rule, and where else it fires.
     *
     * @param samples samples of other files on which it fired, as {@code file: name}
     * @param others how many samples other files have
     */
    public record Rule(String file, String title, List<String> samples, int others) {
        public Rule {
            samples = List.copyOf(samples);
        }

        /** Between 0 and 1. */
        public double share() {
            return others == 0 ? 0 : (double) samples.size() / others;
        }
    }

    /**
     * Runs every sample that has to fire through all rules together.
     *
     * @return the rules that fire elsewhere, the most frequent first
     * @throws ContentException when a proof cannot be read
     */
    public static List<Rule> measure(RuleSet rules, RuleTests.Normalizer normalizer)
            throws ContentException, IOException {
        var matcher = rules.compile();
        var samples = new HashMap<String, Integer>();
        var elsewhere = new HashMap<SigmaRule, List<String>>();
        int all = 0;
        for (String file : files(rules)) {
            var proof = Proof.read(RuleTests.proofOf(Path.of(file)));
            samples.put(file, proof.fires().size());
            all += proof.fires().size();
            for (Proof.Sample sample : proof.fires()) {
                var fired = new Fired();
                for (byte[] record : sample.records()) {
                    var batch = normalizer.normalize(sample.format(), record);
                    for (int row = 0; row < batch.rows(); row++) {
                        matcher.match(batch, row, fired);
                    }
                }
                for (SigmaRule rule : fired.rules) {
                    if (!rule.about().file().equals(file)) {
                        elsewhere
                                .computeIfAbsent(rule, r -> new ArrayList<>())
                                .add(Path.of(file).getFileName() + ": " + sample.name());
                    }
                }
            }
        }
        var result = new ArrayList<Rule>();
        for (Map.Entry<SigmaRule, List<String>> entry : elsewhere.entrySet()) {
            var about = entry.getKey().about();
            int own = samples.getOrDefault(about.file(), 0);
            result.add(new Rule(about.file(), about.title(), entry.getValue(), all - own));
        }
        result.sort(Comparator.comparingDouble(Rule::share).reversed().thenComparing(Rule::file));
        return result;
    }

    private static Set<String> files(RuleSet rules) {
        var files = new LinkedHashSet<String>();
        rules.rules().forEach(rule -> files.add(rule.about().file()));
        rules.correlations().forEach(c -> files.add(c.definition().about().file()));
        return files;
    }

    private static final class Fired implements DetectionSink {
        private final Set<SigmaRule> rules = new LinkedHashSet<>();

        @Override
        public void detected(SigmaRule rule, EventBatch batch, int row) {
            rules.add(rule);
        }

        @Override
        public void contributed(Correlation correlation, Correlation.Member member, EventBatch batch, int row) {
            // what a rule adds to a correlation raises nothing by itself
        }
    }
}
