package io.marsad.api.contract;

/** A parameter of an operation. */
public record Parameter(String name, In in, boolean required, Schema schema) {
    /** Where it is sent. */
    public enum In {
        PATH,
        QUERY,
        HEADER
    }
}
