package io.marsad.soc.live;

/**
 * Something that happened in a tenant.
 *
 * @param seq the tenant's number of it: without gaps, in the order of commits; 0 for what is said once and kept nowhere
 * @param kind {@code alert.created}, {@code alert.updated}, or {@link #RESYNC}
 * @param payload a JSON object
 */
public record LiveEvent(long seq, String kind, String payload) {
    /** Not all of what was asked for is kept any more: read everything anew, then go on from this event's number. */
    public static final String RESYNC = "resync";
}
