package io.marsad.connect.run;

/** A call cannot be made as it is asked for; the message is for people. */
final class Refusal extends Exception {
    Refusal(String reason) {
        super(reason);
    }
}
