package io.marsad.soc.decision;

import io.marsad.soc.json.FaultyJsonException;

/**
 * Whoever is asked about what the rules leave open: a language model, or what one said before. Nothing that it does is
 * believed: its answer is checked ({@link JudgeAnswer}), and it never closes an alert that {@link CloseGuard} would not.
 */
@FunctionalInterface
public interface Judge {
    /** Bounded in time by itself; an exception is the same as {@link JudgeReply.Failed}. */
    JudgeReply ask(JudgeQuestion question);

    /** Asks once more, saying what was wrong, where an answer is not as it has to be. */
    static Judge repairing(Judge judge) {
        return question -> {
            var first = judge.ask(question);
            if (!(first instanceof JudgeReply.Said said)) {
                return first;
            }
            try {
                JudgeAnswer.read(said.text(), question);
                return first;
            } catch (FaultyJsonException e) {
                var second = judge.ask(question.again(String.valueOf(e.getMessage())));
                return second instanceof JudgeReply.Said || second instanceof JudgeReply.Steered ? second : first;
            }
        };
    }
}
