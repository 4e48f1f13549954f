package io.marsad.agent.spool;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Records on disk until they are acknowledged. Only what is durable is read, so no sequence that anybody was told of is given
 * to another record after a crash. Beyond its limit, or when the disk is full, the oldest segment goes, counted; a record that
 * has no room even then is refused, counted. Thread-safe; threads that use it are not to be interrupted, which would close
 * its files.
 */
public final class Spool implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Spool.class.getName());
    private static final Pattern NAME = Pattern.compile("[0-9]{19}\\.spool");

    private final SpoolConfig config;
    private final Channels channels;
    private final StateFile file;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private final Thread committer;
    private StateFile.State state;
    private long next;
    private boolean closed;

    private Spool(SpoolConfig config, Channels channels, StateFile file) {
        this.config = config;
        this.channels = channels;
        this.file = file;
        state = file.state();
        next = Math.max(state.next(), state.done() + 1);
        committer = Thread.ofPlatform().daemon().name("spool-commit").unstarted(this::commitAgainAndAgain);
    }

    /**
     * What is in the folder, without what a crash left torn.
     *
     * @throws IOException when the folder cannot be read or another process uses it
     */
    public static Spool open(SpoolConfig config) throws IOException {
        var spool = open(config, Channels.real());
        spool.committer.start();
        return spool;
    }

    /** Without the thread that commits: tests call {@link #sync}. */
    static Spool open(SpoolConfig config, Channels channels) throws IOException {
        Files.createDirectories(config.folder());
        var file = StateFile.open(config.folder().resolve("state"), channels);
        var spool = new Spool(config, channels, file);
        try {
            spool.recover();
            return spool;
        } catch (IOException e) {
            spool.close();
            throw e;
        }
    }

    private synchronized void recover() throws IOException {
        List<Path> files;
        try (var listed = Files.list(config.folder())) {
            files = listed.filter(f -> NAME.matcher(f.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
        for (var found : files) {
            var segment = Segment.recover(found, channels, config.recordBytes());
            segments.addLast(segment);
            long tail = segment.cut();
            if (tail > 0) {
                set(state.done(), state.counters().cut(tail));
            }
            // So many records may have been in what was cut: their numbers are not given again.
            next = Math.max(next, segment.next() + (tail + Segment.HEADER) / (Segment.HEADER + 1));
        }
        set(state.done(), state.counters());
        forget();
        writeState();
    }

    /**
     * Keeps a record; it is durable within the time of the configuration, or after {@link #sync}.
     *
     * @return its sequence, or nothing when it was refused
     */
    public synchronized OptionalLong append(byte[] record) {
        if (closed || record.length < 1 || record.length > config.recordBytes()) {
            return refuse();
        }
        for (boolean again = true; true; again = false) {
            try {
                var segment = open();
                segment.append(record);
                next = segment.next();
                shrink();
                return OptionalLong.of(next - 1);
            } catch (IOException e) {
                if (!again || !full(e) || !dropOldest()) {
                    LOG.log(Level.DEBUG, "a record has no room", e);
                    return refuse();
                }
            }
        }
    }

    /**
     * Keeps a record that is still there where it came from: nothing older is dropped for it, and when it has no room nothing is
     * counted.
     *
     * @return false when it has to be offered again; one that is no record at all is refused, counted, and not to come again
     */
    public synchronized boolean offer(byte[] record) {
        if (record.length < 1 || record.length > config.recordBytes()) {
            refuse();
            return true;
        }
        if (closed || bytes() + Segment.HEADER + record.length > config.limitBytes()) {
            return false;
        }
        try {
            var segment = open();
            segment.append(record);
            next = segment.next();
            return true;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a record waits for room", e);
            return false;
        }
    }

    /** Only then does it help to drop something. */
    private static boolean full(IOException e) {
        var message = String.valueOf(e.getMessage());
        return message.contains("No space left") || message.contains("quota exceeded");
    }

    private OptionalLong refuse() {
        set(state.done(), state.counters().refused());
        return OptionalLong.empty();
    }

    private Segment open() throws IOException {
        var last = segments.peekLast();
        if (last != null && last.next() == next && last.size() < config.segmentBytes()) {
            return last;
        }
        if (last != null && !sync()) {
            throw new IOException("the segment before could not be made durable");
        }
        var segment = Segment.create(config.folder(), next, channels);
        segments.addLast(segment);
        return segment;
    }

    private void shrink() {
        while (bytes() > config.limitBytes() && dropOldest()) {
            // one segment after another
        }
    }

    /** The counters are durable before the segment is gone: it is counted once, whatever happens in between. */
    private boolean dropOldest() {
        if (segments.size() < 2) {
            return false;
        }
        var oldest = segments.getFirst();
        long records = oldest.after(state.done());
        set(
                Math.max(state.done(), oldest.next() - 1),
                records == 0 ? state.counters() : state.counters().dropped(records, oldest.size()));
        writeState();
        forget();
        return true;
    }

    /** Makes durable what was appended: false when the disk did not keep it, and then it is counted as lost. */
    public synchronized boolean sync() {
        var last = segments.peekLast();
        if (last == null) {
            return true;
        }
        try {
            last.force();
            return true;
        } catch (IOException e) {
            // What the disk failed to write once it may claim to have written the next time: not asked again.
            LOG.log(Level.WARNING, "the disk did not keep what was collected", e);
            set(state.done(), state.counters().lost(last.next() - last.durableNext()));
            try {
                last.takeBack();
            } catch (IOException truncate) {
                LOG.log(Level.WARNING, "nor could it be taken back", truncate);
            }
            return false;
        }
    }

    /**
     * Durable records behind a sequence, the oldest first.
     *
     * @param after 0 for all that is there
     * @param bytes no more than these together, but at least one record
     */
    public synchronized List<SpoolEntry> read(long after, int records, int bytes) throws IOException {
        var found = new ArrayList<SpoolEntry>();
        long from = Math.max(after, state.done()) + 1;
        int left = bytes;
        for (var segment : segments) {
            for (long s = Math.max(from, segment.first); s < segment.readableNext(); s++) {
                var record = found.size() < records ? segment.read(s, config.recordBytes()) : new byte[0];
                if (record == null) {
                    set(state.done(), state.counters().cut(0).lost(segment.durableNext() - s));
                    segment.endAt(s);
                    break;
                }
                left -= record.length;
                if (found.size() >= records || left < 0 && !found.isEmpty()) {
                    return found;
                }
                found.add(new SpoolEntry(s, record));
            }
        }
        return found;
    }

    /** Everything up to this sequence has been taken: it goes. What was never appended is not acknowledged. */
    public synchronized void acknowledge(long sequence) {
        long durable = segments.isEmpty() ? 0 : segments.getLast().durableNext() - 1;
        long done = Math.min(sequence, durable);
        if (done > state.done()) {
            set(done, state.counters());
            forget();
        }
    }

    private void forget() {
        for (Iterator<Segment> each = segments.iterator(); each.hasNext(); ) {
            var segment = each.next();
            // The last stays, unless it is closed for good: its name says which sequence comes next.
            if (segment.next() - 1 <= state.done() && each.hasNext()) {
                each.remove();
                try {
                    segment.delete();
                } catch (IOException e) {
                    LOG.log(Level.WARNING, "a segment that is done could not be deleted", e);
                }
            }
        }
    }

    private void set(long done, SpoolCounters counters) {
        state = new StateFile.State(done, next, counters);
    }

    private void writeState() {
        try {
            if (!state.equals(file.state())) {
                file.write(state);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "position and counters are written later", e);
        }
    }

    private void commitAgainAndAgain() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(config.commitWithin());
            } catch (InterruptedException e) {
                return;
            }
            synchronized (this) {
                if (closed) {
                    return;
                }
                sync();
                writeState();
            }
        }
    }

    /** Up to here all is acknowledged or dropped. */
    public synchronized long done() {
        return state.done();
    }

    public synchronized SpoolCounters counters() {
        return state.counters();
    }

    /** Bytes of all segments. */
    public synchronized long bytes() {
        long all = 0;
        for (var segment : segments) {
            all += segment.size();
        }
        return all;
    }

    /** Records that wait to be taken. */
    public synchronized long waiting() {
        long all = 0;
        for (var segment : segments) {
            all += segment.after(state.done());
        }
        return all;
    }

    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            committer.interrupt();
            sync();
            writeState();
            for (var segment : segments) {
                segment.close();
            }
            file.close();
        }
    }
}
