package io.marsad.soc.rule;

import io.marsad.sigma.About;
import io.marsad.sigma.RuleSet;
import io.marsad.soc.alert.RuleOrigin;
import java.util.function.Function;

/**
 * Rules with where they are from, read together. Immutable, thread-safe.
 *
 * @param origin of a rule, by what it says of itself
 */
public record LoadedRules(RuleSet rules, Function<About, RuleOrigin> origin) {}
