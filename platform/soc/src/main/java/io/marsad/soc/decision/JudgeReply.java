package io.marsad.soc.decision;

/** What a judge made of a question. */
public sealed interface JudgeReply {
    /** Which model, with its version or digest. */
    String model();

    /** SHA-256 of the whole prompt, in hex. */
    String promptHash();

    /** It said something: anything. */
    record Said(String model, String promptHash, String text) implements JudgeReply {}

    /** It did not answer in time. */
    record TimedOut(String model, String promptHash) implements JudgeReply {}

    /** It would not answer, or wanted to do something else, such as calling a tool. */
    record Refused(String model, String promptHash, String why) implements JudgeReply {}

    /** It could not be asked. */
    record Failed(String model, String promptHash, String why) implements JudgeReply {}
}
