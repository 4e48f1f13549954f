package io.marsad.api.http;

/** What a route does once the caller is known, allowed and bound, and the parameters are as the contract has them. */
@FunctionalInterface
public interface Handler {
    /** Answers, or throws: a {@link io.marsad.kernel.problem.ProblemException} is shown, anything else is an error of ours. */
    void handle(Exchange exchange) throws Exception;
}
