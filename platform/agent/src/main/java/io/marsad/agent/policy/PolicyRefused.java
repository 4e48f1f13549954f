package io.marsad.agent.policy;

/** A policy that is not applied; the message names the place and what is wrong there. */
public final class PolicyRefused extends Exception {
    PolicyRefused(String message) {
        super(message);
    }
}
