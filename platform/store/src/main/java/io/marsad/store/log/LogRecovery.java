package io.marsad.store.log;

import io.marsad.kernel.log.EventLog.Damage;
import io.marsad.store.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds out, on start, what a partition holds and where it goes on. The last segment is read through: what was being
 * written when the process ended is cut off, what was durable and is damaged is reported and kept behind. Each frame
 * says what was durable when it was written, which tells the two apart.
 */
final class LogRecovery {
    private final Disk files;
    private final Path folder;
    private final int partition;
    private final DamageList damage;

    LogRecovery(Disk files, Path folder, int partition, DamageList damage) {
        this.files = files;
        this.folder = folder;
        this.partition = partition;
        this.damage = damage;
    }

    /** Fills in the segments, by first offset; the last is open for writing. Returns where the partition goes on at the least. */
    long recover(NavigableMap<Long, LogSegment> segments) throws IOException {
        var names = new ArrayList<String>();
        for (String name : files.list(folder)) {
            if (name.endsWith(LogSegment.SUFFIX)) {
                names.add(name);
            }
        }
        long end = 0;
        for (int i = 0; i < names.size(); i++) {
            var path = folder.resolve(names.get(i));
            long base = base(names.get(i));
            boolean last = i == names.size() - 1;
            var segment = LogSegment.open(files, path, partition);
            if (segment == null) {
                end = Math.max(end, unreadable(path, base, last ? null : base(names.get(i + 1))));
                continue;
            }
            segments.put(base, segment);
            if (last) {
                end = Math.max(end, readThrough(segment));
            } else {
                segment.sealAt(base(names.get(i + 1)));
            }
        }
        return end;
    }

    private static long base(String name) {
        return Long.parseLong(name.substring(0, name.length() - LogSegment.SUFFIX.length()));
    }

    /** Sets a file without a readable header aside, and returns an offset that is beyond all of its records. */
    private long unreadable(Path path, long base, @Nullable Long next) throws IOException {
        var file = files.open(path);
        long size = file.size();
        boolean anything = size > 0 && new FrameCursor(file, 0).anything(0, size);
        file.close();
        var name = path.getFileName().toString();
        if (next == null && (size <= LogSegment.DATA || !anything)) {
            files.delete(path); // it was just being made
            files.syncFolder(folder);
            return base;
        }
        files.rename(path, folder.resolve(name + ".damaged"));
        files.syncFolder(folder);
        long end = next != null ? next : base + size / Frame.HEADER; // a record takes more than half a frame's header
        damage.add(new Damage(
                partition, base, end, name, "the segment's header is damaged; kept as " + name + ".damaged"));
        return end;
    }

    private long readThrough(LogSegment segment) throws IOException {
        var frames = new FrameCursor(segment.file(), segment.marker());
        long size = segment.file().size();
        long position = LogSegment.DATA;
        long offset = segment.base();
        long durable = -1; // highest that any frame vouches for; looked up when needed
        while (position < size) {
            if (frames.frameAt(position, size) && frames.offset() == offset) {
                segment.frameWritten(position, offset);
                position += frames.total();
                offset += frames.records();
                continue;
            }
            if (durable < 0) {
                durable = highestDurable(frames, position, size);
            }
            if (durable <= offset) {
                break;
            }
            long found = frames.next(position, size, offset);
            if (found < 0) {
                break;
            }
            damage.add(new Damage(
                    partition,
                    offset,
                    frames.offset(),
                    segment.name(),
                    "bytes from " + position + " on are not as they were written"));
            position = found;
            offset = frames.offset();
        }
        boolean torn = frames.anything(position, size);
        segment.publish(new LogSegment.Tail(position, offset));
        if (torn) {
            damage.add(new Damage(
                    partition,
                    offset,
                    offset,
                    segment.name(),
                    "torn tail: what was being written at " + position + " when the process ended was cut off"));
            segment.cut();
            segment.file().sync();
        }
        return offset;
    }

    private static long highestDurable(FrameCursor frames, long from, long size) throws IOException {
        long highest = 0;
        long position = frames.next(from, size, 0);
        while (position >= 0) {
            highest = Math.max(highest, frames.durable());
            position = frames.next(position + frames.total(), size, 0);
        }
        return highest;
    }
}
