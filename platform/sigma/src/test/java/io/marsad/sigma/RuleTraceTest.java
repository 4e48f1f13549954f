package io.marsad.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.sigma.RuleTrace.Kind;
import io.marsad.sigma.RuleTrace.Seen;
import org.junit.jupiter.api.Test;

/** Why a rule fires or does not. */
class RuleTraceTest {
    private static final LogSource SOURCE = LogSource.of("test", null, null);

    private static final String RULE = """
            title: a rule
            id: 00000000-0000-4000-8000-000000000001
            logsource: {product: test}
            detection:
              selection:
                Image|endswith: ['\\cmd.exe', '\\pwsh.exe']
                CommandLine|contains: secret
              filter_main:
                User|startswith: adm_
              condition: selection and not 1 of filter_*
            ---
            title: not on the test bench
            logsource: {product: test}
            filter:
              rules: any
              selection: {Host: bench}
              condition: selection
            """;

    private static RuleTrace trace(String... pairs) throws Exception {
        var rules = RuleSet.of("r.yml", RULE, FieldResolver.UNMAPPED);
        assertThat(rules.refusals()).isEmpty();
        var batch = Events.batch();
        Events.add(batch, SOURCE, 0, pairs);
        return RuleTrace.of(rules.rules().getFirst(), rules, FieldResolver.UNMAPPED, Placeholders.NONE, batch, 0);
    }

    @Test
    void whatFiredIsShownWithTheValue() throws Exception {
        var trace = trace("Image", "C:\\pwsh.exe", "CommandLine", "x secret");
        assertThat(trace.fires()).isTrue();
        assertThat(trace.condition().text()).isEqualTo("selection and not 1 of filter_*");
        assertThat(trace.condition().parts()).extracting(RuleTrace.Step::holds).containsExactly(true, true);
        var image = trace.selections().getFirst().parts().getFirst().parts().getFirst();
        assertThat(image.kind()).isEqualTo(Kind.FIELD);
        assertThat(image.parts()).extracting(RuleTrace.Step::holds).containsExactly(false, true);
        assertThat(image.parts().get(1).seen()).containsExactly(new Seen(Field.unmapped("Image"), "C:\\pwsh.exe"));
    }

    @Test
    void whatDidNotHoldIsShownWithWhatTheEventHas() throws Exception {
        var trace = trace("Image", "C:\\other.exe", "User", "bob");
        assertThat(trace.fires()).isFalse();
        var fields = trace.selections().getFirst().parts().getFirst().parts();
        assertThat(fields.get(0).seen()).containsExactly(new Seen(Field.unmapped("Image"), "C:\\other.exe"));
        assertThat(fields.get(1).seen()).isEmpty();
    }

    @Test
    void aFilterThatTakesTheEventAwayIsNamed() throws Exception {
        var trace = trace("Image", "C:\\cmd.exe", "CommandLine", "secret", "Host", "bench");
        assertThat(trace.condition().holds()).isTrue();
        assertThat(trace.fires()).isFalse();
        assertThat(trace.filters()).containsExactly("not on the test bench");
    }
}
