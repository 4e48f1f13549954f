package io.marsad.server.pipeline;

import io.marsad.ingest.hunt.Hunt;
import io.marsad.ingest.hunt.HuntRules;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.Problem.Fault;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.sigma.FieldResolver;
import io.marsad.sigma.RuleMatcher;
import io.marsad.sigma.RuleSet;
import java.util.Set;
import java.util.function.Supplier;

/** Rules for hunts: those in use, or of a text that somebody tries. Thread-safe. */
public final class RulesForHunts implements HuntRules {
    private static final int MOST_FAULTS = 50;

    private final Supplier<RuleSet> inUse;
    private final FieldResolver fields;

    public RulesForHunts(Supplier<RuleSet> inUse, FieldResolver fields) {
        this.inUse = inUse;
        this.fields = fields;
    }

    @Override
    public RuleMatcher rules(TenantId tenant, Hunt.Asked asked) {
        var text = asked.ruleText();
        if (text != null) {
            return tried(text).compile();
        }
        var known = inUse.get();
        if (asked.ruleIds().isEmpty()) {
            return known.compile();
        }
        for (String id : asked.ruleIds()) {
            if (known.find(id) == null) {
                throw Problem.notFound("There is no rule or correlation with the id " + id + ".")
                        .asException();
            }
        }
        return known.only(Set.copyOf(asked.ruleIds())).compile();
    }

    private RuleSet tried(String text) {
        var rules = RuleSet.of("rule", text, fields);
        if (!rules.refusals().isEmpty() || rules.rules().isEmpty()) {
            var faults = rules.refusals().stream()
                    .limit(MOST_FAULTS)
                    .map(problem -> new Fault(problem.file() + ":" + problem.line(), problem.reason()))
                    .toList();
            var detail = faults.isEmpty()
                    ? "The text has no rule."
                    : "The rule cannot be used: " + faults.getFirst().reason();
            throw new Problem("invalid-rule", 400, "Bad request", detail, faults).asException();
        }
        return rules;
    }
}
