package io.marsad.server.node;

import io.marsad.normalize.mapping.MappingSet;
import io.marsad.sigma.About;
import io.marsad.sigma.RuleSet;
import io.marsad.sigma.proof.RuleTests;
import io.marsad.sigma.proof.TestReport;
import io.marsad.soc.alert.RuleSnapshot;
import io.marsad.soc.record.RuleRecord.Proof;
import io.marsad.soc.rule.LoadedRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the samples beside rules hold. Those of shipped rules are run when the platform is built; those of an
 * installation's own rules once after each load, when one of them is first asked about. Thread-safe.
 */
final class RuleProofs {
    private static final Logger LOG = LoggerFactory.getLogger(RuleProofs.class);
    private static final String SHIPPED = "marsad";

    private final Supplier<LoadedRules> inUse;
    private final MappingSet mappings;
    private @Nullable Run last;

    /** @param inUse the rules in use now */
    RuleProofs(Supplier<LoadedRules> inUse, MappingSet mappings) {
        this.inUse = inUse;
        this.mappings = mappings;
    }

    private record Run(RuleSet rules, Set<String> tested) {}

    /** Unknown is a rule that is not in use here: another product's, or one that was taken out. */
    Proof of(RuleSnapshot rule) {
        if (rule.origin().set().equals(SHIPPED)) {
            return Proof.TESTED;
        }
        var loaded = inUse.get();
        if (loaded.rules().find(rule.id()) == null) {
            return Proof.UNKNOWN;
        }
        return tested(loaded).contains(rule.id()) ? Proof.TESTED : Proof.UNTESTED;
    }

    private synchronized Set<String> tested(LoadedRules loaded) {
        var known = last;
        if (known == null || known.rules != loaded.rules()) {
            known = new Run(loaded.rules(), run(loaded));
            last = known;
        }
        return known.tested;
    }

    private Set<String> run(LoadedRules loaded) {
        var proofs = new HashMap<String, Path>();
        var rules = loaded.rules();
        rules.rules().forEach(rule -> add(loaded, rule.about(), proofs));
        rules.correlations().forEach(one -> add(loaded, one.definition().about(), proofs));
        if (proofs.isEmpty()) {
            return Set.of();
        }
        try {
            var report = new RuleTests(rules.only(Set.copyOf(proofs.keySet())), new SampleEvents(mappings)).run();
            var run = new HashSet<String>();
            report.results().forEach(result -> run.add(result.file()));
            var failed = report.results().stream()
                    .filter(result -> !result.passed())
                    .map(TestReport.Result::file)
                    .collect(Collectors.toSet());
            failed.forEach(file -> LOG.warn("{} does not hold: its rules count as untested", file));
            run.removeAll(failed);
            return proofs.entrySet().stream()
                    .filter(one -> run.contains(one.getValue().toString()))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            LOG.warn("the samples beside rules cannot be read: all of these rules count as untested", e);
            return Set.of();
        }
    }

    private static void add(LoadedRules loaded, About about, Map<String, Path> proofs) {
        boolean own = !loaded.origin().apply(about).set().equals(SHIPPED);
        if (own && about.file().indexOf('.') > 0) {
            var proof = RuleTests.proofOf(Path.of(about.file()));
            if (Files.isRegularFile(proof)) {
                proofs.put(about.id(), proof);
            }
        }
    }
}
