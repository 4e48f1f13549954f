package io.marsad.soc.model;

import io.marsad.soc.decision.JudgeAnswer;
import io.marsad.soc.decision.JudgeQuestion;
import io.marsad.soc.decision.JudgeReply;
import io.marsad.soc.json.FaultyJsonException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of asking a model about an alert that is none.
 *
 * @param usable whether its answer would have been taken
 * @param fault what is wrong otherwise; null when nothing is
 * @param said its answer as it came, cut; null when there is none
 */
public record ModelTest(
        boolean usable,
        String model,
        int tokens,
        Duration took,
        @Nullable String fault,
        @Nullable String said) {
    private static final int LONGEST = 2_000;

    static ModelTest of(JudgeReply reply, JudgeQuestion question, Duration took) {
        return switch (reply) {
            case JudgeReply.Said said -> answered(said, question, took);
            case JudgeReply.TimedOut late -> failed(late, "it did not answer in time", took);
            case JudgeReply.Refused refused -> failed(refused, refused.why(), took);
            case JudgeReply.Steered steered -> failed(steered, steered.why(), took);
            case JudgeReply.Failed failed -> failed(failed, failed.why(), took);
            case JudgeReply.OverBudget over -> failed(over, over.why(), took);
        };
    }

    private static ModelTest answered(JudgeReply.Said said, JudgeQuestion question, Duration took) {
        var text = said.text().substring(0, Math.min(LONGEST, said.text().length()));
        try {
            JudgeAnswer.read(said.text(), question);
            return new ModelTest(true, said.model(), said.tokens(), took, null, text);
        } catch (FaultyJsonException e) {
            return new ModelTest(false, said.model(), said.tokens(), took, "its answer is " + e.getMessage(), text);
        }
    }

    private static ModelTest failed(JudgeReply reply, String why, Duration took) {
        return new ModelTest(false, reply.model(), reply.tokens(), took, why, null);
    }
}
