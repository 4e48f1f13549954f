package io.marsad.soc.decision;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.intel.Indicator;
import io.marsad.soc.intel.IntelAnswer;
import io.marsad.soc.intel.IntelAnswer.State;
import io.marsad.soc.intel.IntelResult;
import io.marsad.soc.intel.Signal;
import io.marsad.soc.record.Outcomes;
import io.marsad.soc.record.RuleRecord;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Alerts and intelligence for tests of decisions. */
final class Cases {
    static final Instant AT = Instant.parse("2026-02-01T00:00:00Z");
    static final Indicator IP = Indicator.of("ip", "203.0.113.66");
    static final RuleRecord RULE = new RuleRecord("r1", "3", RuleRecord.Proof.TESTED, Outcomes.NONE);

    private Cases() {}

    static SubmittedAlert alert(Severity severity) {
        return alert(severity, IP, AlertContext.NONE, "connection to 203.0.113.66 port 443");
    }

    static SubmittedAlert alert(Severity severity, Indicator indicator, AlertContext context, String rawLog) {
        return new SubmittedAlert(
                EventId.derived("test", rawLog), "edr", "r1", "A beacon", severity, indicator, context, rawLog);
    }

    /** A source whose own confidence is this. */
    static IntelAnswer source(String name, String norm) {
        var signal =
                new Signal(name, "score", norm, Signal.Scale.SHARE, new BigDecimal(norm), new BigDecimal("0.5"), norm);
        return new IntelAnswer(name, State.FOUND, List.of(signal), List.of(), List.of(), "{}", null);
    }

    static IntelResult intel(IntelAnswer... answers) {
        return IntelResult.of(IP, Arrays.asList(answers));
    }

    static Decision decide(Severity severity, IntelAnswer... answers) {
        return new DecisionEngine(Thresholds.DEFAULT, null).decide(alert(severity), intel(answers), RULE, AT);
    }

    static Judge says(String text) {
        return question -> new JudgeReply.Said("model-1", question.hash(), text);
    }

    /** An answer as the schema wants it. */
    static String answer(String decision, String confidence) {
        return "{\"decision\": \"" + decision + "\", \"confidence\": " + confidence
                + ", \"summary\": \"Because.\", \"injection_suspected\": false}";
    }

    static Decision judged(Severity severity, @Nullable Judge judge, IntelAnswer... answers) {
        return new DecisionEngine(Thresholds.DEFAULT, judge).decide(alert(severity), intel(answers), RULE, AT);
    }
}
