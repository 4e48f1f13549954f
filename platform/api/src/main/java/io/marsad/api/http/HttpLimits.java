package io.marsad.api.http;

import java.time.Duration;

/**
 * How far one who calls is gone along with, so that nobody keeps others out by being many or slow. What a request may be
 * beyond that is in {@code docs/reference/http-limits.md}.
 *
 * @param connections at once, from everywhere
 * @param perAddress at once from one address
 * @param head from the connection, or a request's first line, until all its headers are there
 * @param idle between an answer and the next request's first line
 * @param body from a request's headers until all its body is there
 * @param write for a piece of an answer to be taken, beside a second for each {@link #SLOWEST} bytes
 */
public record HttpLimits(int connections, int perAddress, Duration head, Duration idle, Duration body, Duration write) {
    /** The largest request body, packed or not. */
    public static final int MOST_BODY = 16 << 20;

    /** The longest first line: method, path, query. */
    public static final int MOST_LINE = 8 << 10;

    /** Of all headers together. */
    public static final int MOST_HEADER_BYTES = 32 << 10;

    public static final int MOST_HEADERS = 100;

    /** How deep JSON may be nested. */
    public static final int MOST_DEPTH = 100;

    /** The longest name of a JSON property, in characters. */
    public static final int MOST_NAME = 8 << 10;

    /** How many tokens (names, values, brackets) JSON may have that is not a batch of records. */
    public static final int MOST_TOKENS = 100_000;

    /** The longest number in JSON, in characters. */
    public static final int MOST_DIGITS = 500;

    /** Bytes a second that an answer is taken at, at least. */
    static final int SLOWEST = 64 << 10;

    /** What is right for one machine. */
    public static HttpLimits standard() {
        return new HttpLimits(
                4096,
                1024,
                Duration.ofSeconds(30),
                Duration.ofSeconds(75),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60));
    }

    /** The same with another number of connections from one address. */
    public HttpLimits perAddress(int most) {
        return new HttpLimits(connections, most, head, idle, body, write);
    }
}
