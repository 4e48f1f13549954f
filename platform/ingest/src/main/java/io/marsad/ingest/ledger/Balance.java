package io.marsad.ingest.ledger;

/** Where records are. {@code received} is the sum of the others, whatever crashed. */
public record Balance(long stored, long deduplicated, long dead, long pending) {
    public long received() {
        return stored + deduplicated + dead + pending;
    }
}
