package io.marsad.connect.run;

/** Whether an effect is there. */
public sealed interface Verification {
    /** It is. */
    record Confirmed() implements Verification {}

    /** It is not, or not yet. */
    record NotSo(String reason) implements Verification {}

    /** Nobody could be asked. */
    record Unable(Outcome outcome) implements Verification {}
}
