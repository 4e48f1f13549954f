package io.marsad.soc.decision;

/**
 * Whoever is asked about what the rules leave open: a language model, or what one said before. Nothing that it does is
 * believed: its answer is checked ({@link JudgeAnswer}), and it never closes an alert that {@link CloseGuard} would not.
 */
@FunctionalInterface
public interface Judge {
    /** Bounded in time by itself; an exception is the same as {@link JudgeReply.Failed}. */
    JudgeReply ask(JudgeQuestion question);
}
