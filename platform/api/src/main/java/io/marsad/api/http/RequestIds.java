package io.marsad.api.http;

import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** Names requests: unique in the installation's log. Thread-safe. */
final class RequestIds {
    private static final int MAX = 64;

    private final String run;
    private final AtomicLong count = new AtomicLong();

    RequestIds(RandomGenerator random) {
        run = HexFormat.of().toHexDigits(random.nextLong()).substring(0, 10);
    }

    /** The sender's own name for the request where it is a harmless one, else a new one. */
    String of(String sent) {
        return isHarmless(sent) ? sent : run + "-" + Long.toString(count.incrementAndGet(), 36);
    }

    private static boolean isHarmless(String sent) {
        if (sent.isEmpty() || sent.length() > MAX) {
            return false;
        }
        for (int i = 0; i < sent.length(); i++) {
            char c = sent.charAt(i);
            boolean letterOrDigit = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!letterOrDigit && c != '-' && c != '_' && c != '.') {
                return false;
            }
        }
        return true;
    }
}
