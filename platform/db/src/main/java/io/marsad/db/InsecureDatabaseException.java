package io.marsad.db;

import java.util.List;

/** The start is refused: with this database, one tenant could come to see another's data. Names every fault at once. */
public final class InsecureDatabaseException extends RuntimeException {
    private final transient List<String> faults;

    public InsecureDatabaseException(List<String> faults) {
        super("row-level security could be bypassed, so the start is refused:\n  - " + String.join("\n  - ", faults));
        this.faults = List.copyOf(faults);
    }

    public List<String> faults() {
        return faults;
    }
}
