package io.marsad.bench.store;

import io.marsad.server.client.Terminal;
import java.util.Locale;

/** Says how far a long run is: a moving line where somebody watches, else a line now and then. Thread-safe. */
final class Progress {
    private static final long PAUSE = 20_000_000_000L;

    private final Terminal terminal;
    private final boolean watched;
    private final long started = System.nanoTime();
    private String phase = "";
    private long phaseStarted = started;
    private long said = Long.MIN_VALUE;

    Progress(Terminal terminal, boolean watched) {
        this.terminal = terminal;
        this.watched = watched;
    }

    /** Something new begins. */
    synchronized void phase(String name) {
        phase = name;
        phaseStarted = System.nanoTime();
        said = Long.MIN_VALUE;
        say(name, 0);
    }

    /** How much of it is done; what is left is estimated from that. */
    synchronized void done(long some, long all) {
        long now = System.nanoTime();
        double left = some == 0 ? 0 : (now - phaseStarted) / 1e9 * (all - some) / some;
        say(
                String.format(
                        Locale.ROOT,
                        "%s: %,d of %,d, about %.0f min left of this",
                        phase,
                        some,
                        all,
                        Math.ceil(left / 60)),
                (double) some / all);
    }

    private void say(String text, double part) {
        long now = System.nanoTime();
        if (watched) {
            terminal.progress(part, text);
        } else if (said == Long.MIN_VALUE || now - said > PAUSE) {
            said = now;
            terminal.line(String.format(Locale.ROOT, "[%5d s] %s", (now - started) / 1_000_000_000, text));
        }
    }

    void clear() {
        terminal.clear();
    }
}
