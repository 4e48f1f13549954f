package io.marsad.api.http;

/**
 * Code for an operation of the contract.
 *
 * @param operation the contract's {@code operationId}
 */
public record Route(String operation, Handler handler) {}
