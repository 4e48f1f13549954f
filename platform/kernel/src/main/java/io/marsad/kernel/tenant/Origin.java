package io.marsad.kernel.tenant;

/**
 * Where a call came from, for the audit.
 *
 * @param requestId of the HTTP request; empty when it was none
 * @param address of the caller's machine as text; empty when it was this process
 */
public record Origin(String requestId, String address) {
    /** Work of the platform's own. */
    public static final Origin NONE = new Origin("", "");

    private static final int LONGEST = 128;

    public Origin {
        requestId = shortened(requestId);
        address = shortened(address);
    }

    private static String shortened(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    }
}
