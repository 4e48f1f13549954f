package io.marsad.ingest.follow;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The systemd journal through {@code journalctl -o json -f}, each entry written as the syslog line that it stands for. The
 * bookmark is the journal's cursor.
 */
final class JournalTail implements LogFollower.Tail {
    private static final int FIRST_TIME = 100;

    private final String command;
    private final Bookmark bookmark;
    private volatile @Nullable Process process;
    private volatile boolean closed;

    JournalTail(String command, Path bookmark) {
        this.command = command;
        this.bookmark = new Bookmark(bookmark);
    }

    /** Returns only when journalctl ends. */
    @Override
    public void forward(Lines lines) throws IOException, InterruptedException {
        var cursor = bookmark.read();
        var call = new ArrayList<>(List.of(command, "-o", "json", "-f", "--no-pager", "-q"));
        call.add(cursor == null ? "--lines=" + FIRST_TIME : "--after-cursor=" + cursor);
        call.add("SYSLOG_FACILITY=4");
        call.add("SYSLOG_FACILITY=10");
        var child = new ProcessBuilder(call)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process = child;
        if (closed) {
            child.destroy();
        }
        try (var in = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (var json = in.readLine(); json != null; json = in.readLine()) {
                var entry = JournalEntry.members(json);
                var place = entry.get("__CURSOR");
                var line = JournalEntry.syslogLine(entry);
                if (place != null && line != null) {
                    var bytes = line.getBytes(StandardCharsets.UTF_8);
                    lines.add(bytes, 0, bytes.length, place);
                }
                if (lines.full() || !in.ready()) {
                    if (!lines.send()) {
                        return;
                    }
                    if (place != null) {
                        bookmark.write(place);
                    }
                }
            }
        } finally {
            child.destroy();
        }
        if (!closed) {
            throw new IOException("journalctl ended with " + child.waitFor());
        }
    }

    @Override
    public void close() {
        stop();
    }

    @Override
    public void stop() {
        closed = true;
        var child = process;
        if (child != null) {
            child.destroy();
        }
    }
}
