package io.marsad.agent.collect;

import io.marsad.uplink.DurableFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The journal of systemd, as {@code journalctl} follows it, or another log that a program follows; where that ends it is begun
 * again, each time after a longer while.
 * Fields: message, priority, identifier, unit, pid, uid, name, path, cmd_line, hostname, transport, boot_id.
 */
public final class JournalCollector implements Collector {
    private static final Logger LOG = System.getLogger(JournalCollector.class.getName());
    private static final int LINE = 1 << 20;
    private static final int AT_ONCE = 4 << 20;
    private static final long LEAST = 1_000;
    private static final long MOST = 300_000;

    private final Journal journal;
    private final Path kept;
    private final InstantSource clock;
    private @Nullable Process process;
    private @Nullable Lines lines;
    private @Nullable String cursor;
    private @Nullable String committed;
    private long again;
    private long wait = LEAST;
    private long refusals;

    /** A log that a program of the host writes, a line for each entry. */
    public interface Journal {
        /** @param cursor of the last entry that was read; null: none was */
        List<String> command(@Nullable String cursor);

        /** Null when it makes no sense. */
        @Nullable
        JournalEntry parse(byte[] line);

        /** Whether it is a line for people, in front of the first entry. */
        default boolean isHeading(byte[] line) {
            return false;
        }
    }

    /** That of systemd, by the command that follows it. */
    private record Systemd(List<String> follow) implements Journal {
        @Override
        public List<String> command(@Nullable String cursor) {
            var words = new ArrayList<>(follow);
            words.add(cursor == null ? "--lines=0" : "--after-cursor=" + cursor);
            return words;
        }

        @Override
        public @Nullable JournalEntry parse(byte[] line) {
            return JournalEntry.parse(line);
        }
    }

    /** The journal of systemd. @param kept the file that the cursor is kept in */
    public JournalCollector(Path kept, InstantSource clock) {
        this(List.of("journalctl", "-o", "json", "--follow", "--no-pager"), kept, clock);
    }

    JournalCollector(List<String> command, Path kept, InstantSource clock) {
        this(new Systemd(List.copyOf(command)), kept, clock);
    }

    /** @param kept the file that the cursor is kept in */
    public JournalCollector(Journal journal, Path kept, InstantSource clock) {
        this.journal = journal;
        this.kept = kept;
        this.clock = clock;
        var text = HostRoot.text(kept, 1000);
        cursor = text == null || text.isBlank() ? null : text.strip();
        committed = cursor;
    }

    @Override
    public String name() {
        return "journal";
    }

    @Override
    public void poll(Sink sink) {
        try {
            if (process == null) {
                if (clock.millis() < again) {
                    return;
                }
                begin(sink);
            }
            var running = process;
            var to = lines;
            if (running == null || to == null) {
                return;
            }
            boolean ended = !running.isAlive(); // before it is read: what it wrote is there then
            var out = running.getInputStream();
            int left = AT_ONCE;
            for (int n = out.available(); n > 0 && left > 0; n = out.available()) {
                var some = out.readNBytes(Math.min(n, 64 << 10));
                to.add(some, some.length);
                left -= some.length;
            }
            if (ended && left > 0) {
                end(null);
            }
        } catch (IOException e) {
            end(e);
        } catch (NoRoom e) {
            end(null); // it is begun again behind what was taken
            throw e;
        }
    }

    /** What has no room stays in the journal. */
    @Override
    public boolean resumes() {
        return true;
    }

    private void begin(Sink sink) throws IOException {
        lines = new Lines(LINE, (line, cut) -> {
            var entry = journal.parse(line);
            if (entry == null) {
                refusals += journal.isHeading(line) ? 0 : 1;
            } else {
                sink.accept(entry.found());
                cursor = entry.cursor();
                wait = LEAST;
            }
        });
        process = new ProcessBuilder(journal.command(cursor))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
    }

    private void end(@Nullable IOException why) {
        LOG.log(Level.DEBUG, "what follows the journal has ended and is begun again", why);
        close();
        again = clock.millis() + wait;
        wait = Math.min(MOST, wait * 2);
    }

    @Override
    public void commit() {
        var now = cursor;
        if (now != null && !now.equals(committed)) {
            try {
                DurableFile.replace(kept, now.getBytes(StandardCharsets.UTF_8));
                committed = now;
            } catch (IOException e) {
                LOG.log(Level.WARNING, "the cursor was not kept: what was read may come again", e);
            }
        }
    }

    @Override
    public long refusals() {
        return refusals;
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroy();
            process = null;
        }
    }
}
