package io.marsad.connect.run;

/** A call is over before its last step. */
final class Ended extends Exception {
    private final transient Outcome outcome;

    Ended(Outcome outcome) {
        this.outcome = outcome;
    }

    Outcome outcome() {
        return outcome;
    }
}
