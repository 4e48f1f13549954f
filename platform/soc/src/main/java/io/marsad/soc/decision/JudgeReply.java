package io.marsad.soc.decision;

/** What a judge made of a question. */
public sealed interface JudgeReply {
    /** Which model, with its version or digest. */
    String model();

    /** SHA-256 of the whole prompt, in hex. */
    String promptHash();

    /** What question and answer cost, in tokens; 0 when nobody counted. */
    default int tokens() {
        return 0;
    }

    /** It said something: anything. */
    record Said(String model, String promptHash, String text, int tokens) implements JudgeReply {
        public Said(String model, String promptHash, String text) {
            this(model, promptHash, text, 0);
        }
    }

    /** It did not answer in time. */
    record TimedOut(String model, String promptHash) implements JudgeReply {}

    /** It would not answer, or wanted to do something else, such as calling a tool. */
    record Refused(String model, String promptHash, String why, int tokens) implements JudgeReply {
        public Refused(String model, String promptHash, String why) {
            this(model, promptHash, why, 0);
        }
    }

    /** What it said shows that somebody steers it. */
    record Steered(String model, String promptHash, String why, int tokens) implements JudgeReply {}

    /** It could not be asked. */
    record Failed(String model, String promptHash, String why) implements JudgeReply {}

    /** It was not asked, because what may be asked in a day is used up. */
    record OverBudget(String model, String promptHash, String why) implements JudgeReply {}
}
