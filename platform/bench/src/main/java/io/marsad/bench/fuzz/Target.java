package io.marsad.bench.fuzz;

import java.util.function.Consumer;

/** The readers that are fuzzed. */
public enum Target {
    /** Windows event logs. */
    EVTX(EvtxTarget.class, EvtxTarget::fuzzerTestOneInput, 9000),
    /** YAML and Sigma documents. */
    RULE(RuleTarget.class, RuleTarget::fuzzerTestOneInput, 2500),
    /** Conditions. */
    CONDITION(ConditionTarget.class, ConditionTarget::fuzzerTestOneInput, 300),
    /** Regular expressions and their gates. */
    REGEX(RegexTarget.class, RegexTarget::fuzzerTestOneInput, 300),
    /** What a relay decodes before it knows whom it comes from. */
    RELAY(RelayTarget.class, RelayTarget::fuzzerTestOneInput, 4000);

    private final Class<?> type;
    private final Consumer<byte[]> run;
    private final int longest;

    Target(Class<?> type, Consumer<byte[]> run, int longest) {
        this.type = type;
        this.run = run;
        this.longest = longest;
    }

    /** Throws what is wrong with how the reader takes the input. */
    public void run(byte[] input) {
        run.accept(input);
    }

    String className() {
        return type.getName();
    }

    /** The longest input worth trying, in bytes. */
    int longest() {
        return longest;
    }
}
