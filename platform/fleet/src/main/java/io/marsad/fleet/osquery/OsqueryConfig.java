package io.marsad.fleet.osquery;

import java.io.IOException;
import java.io.UncheckedIOException;

/** What every host is told to look at: inventory, persistence, defence evasion and files that matter. Immutable. */
public final class OsqueryConfig {
    private final byte[] json;

    private OsqueryConfig(byte[] json) {
        this.json = json;
    }

    /** The one that the platform ships. */
    public static OsqueryConfig baseline() {
        try (var in = OsqueryConfig.class.getResourceAsStream("baseline.json")) {
            if (in == null) {
                throw new IllegalStateException("baseline.json is part of this module");
            }
            return new OsqueryConfig(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As osquery reads it; the same bytes each time. */
    public byte[] json() {
        return json.clone();
    }
}
