package io.marsad.api.live;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events, as HTML's section 9.2 writes them; each reaches the client when its method returns.
 *
 * <p>Written by one thread; any thread may ask how long a write takes.
 */
final class EventStream {
    private final OutputStream out;
    private volatile long writingSince;

    EventStream(OutputStream out) {
        this.out = out;
    }

    /**
     * @param data without line ends, as one line of JSON has none
     * @param id what the client says to resume behind it, or null
     */
    void event(String name, @Nullable String id, String data) throws IOException {
        var text = new StringBuilder(data.length() + 64)
                .append("event: ")
                .append(name)
                .append('\n');
        if (id != null) {
            text.append("id: ").append(id).append('\n');
        }
        write(text.append("data: ").append(data).append("\n\n"));
    }

    /** Keeps the line open, and finds out whether anybody is at its other end. */
    void comment(String words) throws IOException {
        write(new StringBuilder(": ").append(words).append("\n\n"));
    }

    private void write(StringBuilder text) throws IOException {
        writingSince = System.nanoTime() | 1; // never 0
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
        writingSince = 0;
    }

    /** For how long a write has been under way, in nanoseconds; 0 when none is. */
    long stuckFor() {
        long since = writingSince;
        return since == 0 ? 0 : System.nanoTime() - since;
    }
}
