package io.marsad.kernel.tenant;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where a call came from and in which capacity, for the audit.
 *
 * @param requestId of the HTTP request; empty when it was none
 * @param address of the caller's machine as text; empty when it was this process
 * @param capacity what every entry says besides who acted, by name: as whom an administrator looks at the platform, for
 *     which provider somebody works. Names and values are ids and words of {@code a-z0-9_:.-}
 */
public record Origin(String requestId, String address, Map<String, String> capacity) {
    /** Work of the platform's own. */
    public static final Origin NONE = new Origin("", "");

    private static final int LONGEST = 128;
    private static final Pattern WORD = Pattern.compile("[a-z0-9_:.-]{1,120}");

    /** Somebody as themselves. */
    public Origin(String requestId, String address) {
        this(requestId, address, Map.of());
    }

    /** @throws IllegalArgumentException when the capacity has other than words */
    public Origin {
        requestId = shortened(requestId);
        address = shortened(address);
        capacity = Map.copyOf(capacity);
        capacity.forEach((name, value) -> {
            if (!WORD.matcher(name).matches() || !WORD.matcher(value).matches()) {
                throw new IllegalArgumentException("a capacity is said in words");
            }
        });
    }

    private static String shortened(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    }
}
