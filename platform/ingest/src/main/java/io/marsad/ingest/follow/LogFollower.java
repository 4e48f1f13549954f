package io.marsad.ingest.follow;

import io.marsad.ingest.intake.Intake;
import io.marsad.ingest.intake.Sender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is written to a log on this machine through the intake, as it is written, in a thread of its own. Where it
 * was is kept in a bookmark file, and records are keyed by their place, so that a restart neither loses nor repeats any.
 *
 * <p>Thread-safe.
 */
public final class LogFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogFollower.class);
    private static final long AGAIN_MILLIS = 5000;
    private static final List<Path> AUTH_LOGS = List.of(Path.of("/var/log/auth.log"), Path.of("/var/log/secure"));

    /** A log that can be followed; one thread uses it. */
    interface Tail extends AutoCloseable {
        /** Sends what is new; returns once there is nothing more for the moment. */
        void forward(Lines lines) throws IOException, InterruptedException;

        /** Ends waiting; any thread may call it. */
        void stop();

        @Override
        void close() throws IOException;
    }

    private final Tail tail;
    private final Lines lines;
    private final String name;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicLong sent = new AtomicLong();
    private final Thread thread;
    private volatile @Nullable String trouble;

    private LogFollower(String name, Tail tail, Sender sender, Intake intake) {
        this.name = name;
        this.tail = tail;
        this.lines = new Lines(intake, sender, closed, sent);
        this.thread = Thread.ofPlatform().daemon().name("follow-" + name).start(this::run);
    }

    /**
     * Follows a text file, also when it is rotated by renaming or truncating.
     *
     * @param bookmark where the place is kept
     * @param backlog without a bookmark, begin so many bytes before the end
     */
    public static LogFollower file(Path file, Path bookmark, long backlog, Sender sender, Intake intake) {
        return new LogFollower(file.toString(), new FileTail(file, bookmark, backlog), sender, intake);
    }

    /**
     * Follows the systemd journal's messages of the facilities auth and authpriv.
     *
     * @param command {@code journalctl}, found on the path
     */
    public static LogFollower journal(String command, Path bookmark, Sender sender, Intake intake) {
        return new LogFollower("journal", new JournalTail(command, bookmark), sender, intake);
    }

    /** Follows what this machine has and lets us read: its auth log, else its journal; null when it has neither. */
    public static @Nullable LogFollower thisMachine(Path folder, Sender sender, Intake intake) throws IOException {
        Files.createDirectories(folder);
        for (var log : AUTH_LOGS) {
            if (Files.isReadable(log)) {
                return file(log, folder.resolve(log.getFileName() + ".bookmark"), 64 << 10, sender, intake);
            }
        }
        for (var journal : List.of(Path.of("/var/log/journal"), Path.of("/run/log/journal"))) {
            if (Files.isReadable(journal) && Files.isExecutable(Path.of("/usr/bin/journalctl"))) {
                return journal("/usr/bin/journalctl", folder.resolve("journal.bookmark"), sender, intake);
            }
        }
        return null;
    }

    private void run() {
        try (tail) {
            while (closed.getCount() > 0) {
                long pause = FileTail.POLL_MILLIS;
                try {
                    tail.forward(lines);
                    trouble = null;
                } catch (IOException e) {
                    if (trouble == null && closed.getCount() > 0) {
                        LOG.warn("{} cannot be followed now, tried again every few seconds: {}", name, e.toString());
                    }
                    trouble = e.toString();
                    pause = AGAIN_MILLIS;
                }
                if (closed.await(pause, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("{} was not closed well", name, e);
        }
    }

    /** What is followed. */
    public String name() {
        return name;
    }

    /** Records sent since the start. */
    public long sent() {
        return sent.get();
    }

    /** Why it cannot be followed at the moment, or null. */
    public @Nullable String trouble() {
        return trouble;
    }

    @Override
    public void close() {
        closed.countDown();
        tail.stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
