package io.marsad.sigma.proof;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.event.EventBatch;
import io.marsad.sigma.ContentFiles;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.DetectionSink;
import io.marsad.sigma.RuleMatcher;
import io.marsad.sigma.RuleSet;
import io.marsad.sigma.SigmaRule;
import io.marsad.sigma.correlation.CorrelationMatch;
import io.marsad.sigma.correlation.CorrelationSink;
import io.marsad.sigma.correlation.CorrelationState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs the proofs of rules: the samples in the {@code .test.yaml} beside a rule file must fire or stay silent. A file with
 * a correlation is proved by its correlation: the records of a sample together.
 */
public final class RuleTests {
    /** Makes events of a record. */
    @FunctionalInterface
    public interface Normalizer {
        /**
         * Adds the record's events to a batch, whose other content does not matter.
         *
         * @return a batch whose rows are the record's events, in order
         * @throws IOException when the record is not of that format
         */
        EventBatch normalize(String format, byte[] record) throws IOException;
    }

    private final RuleSet rules;
    private final Normalizer normalizer;

    public RuleTests(RuleSet rules, Normalizer normalizer) {
        this.rules = rules;
        this.normalizer = normalizer;
    }

    /**
     * Runs the proofs of all files of the rule set; its refusals are failures, files without a proof are counted as
     * untested. Proofs without rules: {@link #orphans}.
     */
    public TestReport run() throws IOException {
        var results = new ArrayList<TestReport.Result>();
        var untested = new ArrayList<TestReport.Untested>();
        for (ContentProblem refusal : rules.refusals()) {
            results.add(new TestReport.Result(refusal.file(), "", "loads", refusal.line() + ": " + refusal.reason()));
        }
        for (Map.Entry<String, Set<String>> entry : byFile().entrySet()) {
            var file = Path.of(entry.getKey());
            if (Files.isRegularFile(proofOf(file))) {
                run(file, entry.getValue(), results);
            } else {
                untested.add(new TestReport.Untested(entry.getKey(), List.copyOf(entry.getValue())));
            }
        }
        return new TestReport(results, untested);
    }

    /** For each file the ids of its documents. */
    private Map<String, Set<String>> byFile() {
        var files = new LinkedHashMap<String, Set<String>>();
        for (SigmaRule rule : rules.rules()) {
            files.computeIfAbsent(rule.about().file(), f -> new LinkedHashSet<>())
                    .add(rule.id());
        }
        for (Correlation correlation : rules.correlations()) {
            var about = correlation.definition().about();
            files.computeIfAbsent(about.file(), f -> new LinkedHashSet<>()).add(about.id());
        }
        return files;
    }

    private void run(Path file, Set<String> ids, List<TestReport.Result> results) throws IOException {
        var part = rules.only(ids);
        var correlations = part.correlations().stream()
                .map(c -> c.definition().id())
                .filter(ids::contains)
                .toList();
        var proved = correlations.isEmpty() ? ids : new HashSet<>(correlations);
        var id = proved.iterator().next();
        var proofFile = proofOf(file);
        try {
            var proof = Proof.read(proofFile);
            var matcher = part.compile();
            for (Proof.Sample sample : proof.fires()) {
                results.add(result(proof, id, sample, matcher, proved, true));
            }
            for (Proof.Sample sample : proof.silent()) {
                results.add(result(proof, id, sample, matcher, proved, false));
            }
        } catch (ContentException e) {
            for (ContentProblem problem : e.problems()) {
                results.add(new TestReport.Result(
                        proofFile.toString(), id, "reads", problem.line() + ": " + problem.reason()));
            }
        }
    }

    /** {@code x.test.yaml} for {@code x.yaml} and {@code x.yml}. */
    public static Path proofOf(Path ruleFile) {
        var name = ruleFile.getFileName().toString();
        return ruleFile.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".test.yaml");
    }

    private TestReport.Result result(
            Proof proof, String id, Proof.Sample sample, RuleMatcher matcher, Set<String> proved, boolean fires) {
        var fired = new Fired(proved, matcher.rules());
        var name = (fires ? "fires: " : "silent: ") + sample.name();
        var file = proof.file().toString();
        int rows = 0;
        try {
            for (byte[] record : sample.records()) {
                var batch = normalizer.normalize(sample.format(), record);
                for (int row = 0; row < batch.rows(); row++, rows++) {
                    matcher.match(batch, row, fired);
                    fired.source = batch.source(row).toString();
                }
            }
            fired.state.finish(fired);
        } catch (IOException e) {
            return new TestReport.Result(file, id, name, sample.line() + ": the record was refused: " + e.getMessage());
        }
        String failure = "";
        if (rows == 0) {
            failure = sample.line() + ": the records gave no event";
        } else if (fires && fired.titles.isEmpty()) {
            failure = sample.line() + ": did not fire; the event's log source is '" + fired.source + "'";
        } else if (!fires && !fired.titles.isEmpty()) {
            failure = sample.line() + ": fired: " + String.join(", ", fired.titles);
        }
        return new TestReport.Result(file, id, name, failure);
    }

    /** Notes which of the proved documents fired. */
    private static final class Fired implements DetectionSink, CorrelationSink {
        private final Set<String> proved;
        private final Set<String> titles = new LinkedHashSet<>();
        private final CorrelationState state;
        private String source = "";

        Fired(Set<String> proved, RuleSet rules) {
            this.proved = proved;
            state = new CorrelationState(rules);
        }

        @Override
        public void detected(SigmaRule rule, EventBatch batch, int row) {
            if (proved.contains(rule.id())) {
                titles.add(rule.title());
            }
        }

        @Override
        public void contributed(Correlation correlation, Correlation.Member member, EventBatch batch, int row) {
            state.add(correlation, member, batch, row, this);
        }

        @Override
        public void correlated(CorrelationMatch match) {
            if (proved.contains(match.rule().id())) {
                titles.add(match.rule().title());
            }
        }
    }

    /** Proofs under a folder that have no rule beside them. */
    public static List<Path> orphans(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            return paths.filter(ContentFiles::isProof)
                    .filter(p -> {
                        var name = p.getFileName().toString();
                        var stem = name.substring(0, name.lastIndexOf(".test."));
                        return !Files.exists(p.resolveSibling(stem + ".yaml"))
                                && !Files.exists(p.resolveSibling(stem + ".yml"));
                    })
                    .sorted()
                    .toList();
        }
    }
}
