package io.marsad.agent.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Up to where all is done, and the counters: two places in one file, written in turn and in place, so that a write that is
 * torn leaves the one before, and a full disk has room for it. Not thread-safe.
 */
final class StateFile implements AutoCloseable {
    private static final int SLOT = 512;
    private static final int USED = 80;

    /** @param done every record up to it is acknowledged or dropped */
    record State(long done, long next, SpoolCounters counters) {}

    private final FileChannel channel;
    private long generation;
    private State state = new State(0, 1, SpoolCounters.NONE);

    private StateFile(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws IOException also when another process has it */
    static StateFile open(Path file, Channels channels) throws IOException {
        var channel = channels.open(file);
        try {
            if (channel.tryLock() == null) {
                throw new IOException("another process uses " + file);
            }
            var opened = new StateFile(channel);
            opened.read(0);
            opened.read(SLOT);
            return opened;
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new IOException("it is open already: " + file, e);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    State state() {
        return state;
    }

    /** Durable when it returns. */
    void write(State next) throws IOException {
        var slot = ByteBuffer.allocate(SLOT);
        var counters = next.counters();
        slot.putLong(generation + 1).putLong(next.done()).putLong(next.next());
        slot.putLong(counters.droppedRecords()).putLong(counters.droppedBytes());
        slot.putLong(counters.refusedRecords()).putLong(counters.lostRecords());
        slot.putLong(counters.cutBytes()).putLong(counters.cuts());
        slot.putLong(crc(slot.array())).position(0);
        long at = (generation + 1) % 2 * SLOT;
        while (slot.hasRemaining()) {
            channel.write(slot, at + slot.position());
        }
        channel.force(true);
        generation++;
        state = next;
    }

    private void read(long at) throws IOException {
        var slot = ByteBuffer.allocate(SLOT);
        while (slot.hasRemaining()) {
            if (channel.read(slot, at + slot.position()) < 0) {
                return;
            }
        }
        slot.flip();
        if (slot.getLong(USED - Long.BYTES) == crc(slot.array()) && slot.getLong(0) > generation) {
            generation = slot.getLong();
            long done = slot.getLong();
            long next = slot.getLong();
            state = new State(
                    done,
                    next,
                    new SpoolCounters(
                            slot.getLong(),
                            slot.getLong(),
                            slot.getLong(),
                            slot.getLong(),
                            slot.getLong(),
                            slot.getLong()));
        }
    }

    private static long crc(byte[] slot) {
        var crc = new CRC32C();
        crc.update(slot, 0, USED - Long.BYTES);
        return crc.getValue();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
