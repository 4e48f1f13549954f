package io.marsad.ingest.follow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A text file that grows. When another file is at its path, it was renamed: the rest of it is read first. When it got
 * shorter, it was truncated: it is read from its beginning. The bookmark is {@code FILEKEY OFFSET}.
 */
final class FileTail implements LogFollower.Tail {
    static final long POLL_MILLIS = 500;
    private static final int BUFFER = 256 << 10;

    private final Path path;
    private final Bookmark bookmark;
    private final long backlog;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private @Nullable FileChannel channel;
    private String key = "";
    private long position;
    private boolean skipFirst;
    /** The line at the position is longer than a buffer: passed over up to its end. */
    private boolean skipLong;

    FileTail(Path path, Path bookmark, long backlog) {
        this.path = path;
        this.bookmark = new Bookmark(bookmark);
        this.backlog = backlog;
    }

    @Override
    public void forward(Lines lines) throws IOException, InterruptedException {
        if (channel == null && !open()) {
            return;
        }
        boolean sent = drain(lines);
        // looked at after the old file was read to its end, so that nothing written before the renaming is missed
        if (sent && rotated()) {
            if (drain(lines)) {
                shut();
                channel = FileChannel.open(path, StandardOpenOption.READ);
                key = key(path);
                position = 0;
                drain(lines);
            }
        }
    }

    private boolean open() throws IOException {
        try {
            key = key(path);
        } catch (NoSuchFileException e) {
            return false;
        }
        channel = FileChannel.open(path, StandardOpenOption.READ);
        var place = bookmark.read();
        int space = place == null ? -1 : place.lastIndexOf(' ');
        if (place == null || space < 0) {
            position = Math.max(0, channel.size() - backlog);
            skipFirst = position > 0;
            return true;
        }
        var oldKey = place.substring(0, space);
        position = Long.parseLong(place.substring(space + 1));
        if (!oldKey.equals(key)) {
            openRotated(oldKey);
        }
        return true;
    }

    /** The file was renamed while nobody looked: its rest is in the next older one, as logrotate names it. */
    private void openRotated(String oldKey) throws IOException {
        var older = path.resolveSibling(path.getFileName() + ".1");
        if (Files.exists(older) && key(older).equals(oldKey)) {
            shut();
            channel = FileChannel.open(older, StandardOpenOption.READ);
            key = oldKey;
        } else {
            position = 0;
        }
    }

    private static String key(Path file) throws IOException {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        var fileKey = attributes.fileKey();
        return fileKey == null ? attributes.creationTime().toString() : fileKey.toString();
    }

    private boolean rotated() throws IOException {
        try {
            return !key(path).equals(key);
        } catch (NoSuchFileException e) {
            return false; // between renaming and the new file
        }
    }

    /** Sends all whole lines; false when the follower was closed meanwhile. */
    private boolean drain(Lines lines) throws IOException, InterruptedException {
        var from = channel;
        if (from == null) {
            return false;
        }
        if (from.size() < position) {
            position = 0;
            skipFirst = false;
        }
        while (true) {
            buffer.clear();
            int n = from.read(buffer, position);
            int used = n <= 0 ? 0 : take(lines, n);
            if (used == 0 && n < BUFFER) {
                return true;
            }
            if (used == 0) {
                if (!skipLong && !skipFirst) {
                    add(lines, 0, n);
                }
                used = n; // a line that is longer than the buffer: its beginning is the record
                skipLong = true;
            }
            if (!lines.send()) {
                return false;
            }
            position += used;
            bookmark.write(key + " " + position);
        }
    }

    /** Adds the whole lines of what was read; returns how many bytes they have. */
    private int take(Lines lines, int length) {
        var bytes = buffer.array();
        int start = 0;
        for (int i = 0; i < length && !lines.full(); i++) {
            if (bytes[i] != '\n') {
                continue;
            }
            int end = i > start && bytes[i - 1] == '\r' ? i - 1 : i;
            if (skipFirst || skipLong) {
                skipFirst = false;
                skipLong = false;
            } else if (end > start) {
                add(lines, start, end - start);
            }
            start = i + 1;
        }
        return start;
    }

    /** Its text is part of its place: after truncating, another line may stand where this one stood. */
    private void add(Lines lines, int start, int length) {
        var text = new String(buffer.array(), start, length, StandardCharsets.ISO_8859_1);
        lines.add(buffer.array(), start, length, key + ":" + (position + start) + ":" + text);
    }

    private void shut() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }

    @Override
    public void stop() {
        // it never waits
    }

    @Override
    public void close() throws IOException {
        shut();
    }
}
