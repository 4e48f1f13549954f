package io.marsad.fleet;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A host that reports.
 *
 * @param kind by what: {@code osquery}, {@code agent} or {@code relay}
 * @param address from which it was last heard
 */
public record Endpoint(
        UUID id,
        String kind,
        Host host,
        String group,
        Instant enrolledAt,
        Instant lastSeenAt,
        String address,
        @Nullable Instant revokedAt,
        Spool spool,
        InForce policy) {
    /** What its spool could not keep, and what waits at a relay. */
    public record Spool(long lostRecords, long lostBytes, long waitingRecords, long waitingBytes) {}

    /**
     * What it collects by.
     *
     * @param version 0: none
     * @param refused why it did not take the newest; empty: it did, or there is none
     * @param notUpdated why the agent is not the one that the policy names; empty: it is, or that is on its way
     */
    public record InForce(long version, String refused, String notUpdated) {}

    /**
     * What a host says of itself; texts are empty where it says nothing.
     *
     * @param hardwareId of its board or machine
     * @param software version of what reports
     */
    public record Host(
            String identifier, String hardwareId, String name, String platform, String osVersion, String software) {
        private static final int LONGEST = 255;

        public Host {
            identifier = clean(identifier);
            hardwareId = clean(hardwareId);
            name = clean(name);
            platform = clean(platform);
            osVersion = clean(osVersion);
            software = clean(software);
        }

        private static String clean(String text) {
            var printable = text.codePoints()
                    .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE)
                    .limit(LONGEST)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
            return printable.toString().strip();
        }
    }

    public String state() {
        return revokedAt == null ? "active" : "revoked";
    }
}
