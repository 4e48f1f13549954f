package io.marsad.agent.collect;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Processes that started ({@code Launch}) and ended ({@code Terminate}) between two looks at {@code /proc}; at the first look,
 * all that run ({@code Inventory}). Fields: pid, name, parent_pid, uid, cmd_line, path, hashes ({@code SHA256=…}), created_time. What lives
 * shorter than the interval is not seen: that is audit's to tell.
 */
public final class ProcessCollector implements Collector {
    private static final int PROCESSES = 32_768;
    private static final int COMMAND = 8_192;
    private static final long TICKS = 100; // USER_HZ, the same on every Linux since 2.6

    private final HostRoot root;
    private final InstantSource clock;
    private final Hashes hashes;
    private final Changes<Key, ProcStat> changes = new Changes<>();
    private long refusals;

    /** With the ticks a process is told from a later one with its pid. */
    private record Key(long pid, long startTicks) {}

    /** @param hashBytes larger executables are not hashed */
    public ProcessCollector(HostRoot root, InstantSource clock, long hashBytes) {
        this.root = root;
        this.clock = clock;
        hashes = new Hashes(hashBytes);
    }

    @Override
    public String name() {
        return "process";
    }

    @Override
    public void poll(Sink sink) {
        var now = new LinkedHashMap<Key, ProcStat>();
        long time = clock.millis();
        long boot = bootMillis();
        for (var folder : HostRoot.list(root.of("/proc"), PROCESSES)) {
            if (!isPid(folder)) {
                continue;
            }
            var line = HostRoot.text(folder.resolve("stat"), 4096);
            if (line == null) {
                continue; // ended meanwhile
            }
            var stat = ProcStat.parse(line);
            if (stat == null) {
                refusals++;
                continue;
            }
            now.put(new Key(stat.pid(), stat.startTicks()), stat);
        }
        changes.look(now, (change, key, before, stat) -> {
            switch (change) {
                case FIRST -> sink.accept(started("Inventory", stat, time, boot));
                case CAME -> sink.accept(started("Launch", stat, time, boot));
                case GONE ->
                    sink.accept(Found.of(name(), "Terminate", time)
                            .put("pid", before.pid())
                            .put("name", before.name())
                            .put("parent_pid", before.parent())
                            .put("created_time", boot + before.startTicks() * 1000 / TICKS));
                case CHANGED -> {} // what it calls itself, or who its parent is
            }
        });
    }

    private ObjectNode started(String activity, ProcStat stat, long time, long boot) {
        var folder = root.of("/proc/" + stat.pid());
        var found = Found.of(name(), activity, time)
                .put("pid", stat.pid())
                .put("name", stat.name())
                .put("parent_pid", stat.parent())
                .put("created_time", boot + stat.startTicks() * 1000 / TICKS);
        long uid = uid(HostRoot.text(folder.resolve("status"), 4096));
        if (uid >= 0) {
            found.put("uid", uid);
        }
        var command = HostRoot.bytes(folder.resolve("cmdline"), COMMAND + 1);
        if (command != null && command.length > 0) {
            var text = new String(command, StandardCharsets.UTF_8)
                    .replace('\0', ' ')
                    .strip();
            found.put("cmd_line", Found.cut(text, COMMAND));
            if (command.length > COMMAND) {
                found.put("cmd_line_cut", true);
            }
        }
        var path = HostRoot.link(folder.resolve("exe"));
        if (path != null) {
            found.put("path", path);
            Found.put(found, "hashes", hashes.named(folder.resolve("exe")));
        }
        return found;
    }

    private static boolean isPid(Path folder) {
        var name = folder.getFileName().toString();
        return !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The real user id of {@code /proc/PID/status}, or -1. */
    static long uid(@Nullable String status) {
        if (status != null) {
            for (var line : status.split("\n", 64)) {
                if (line.startsWith("Uid:")) {
                    var ids = line.substring(4).trim().split("\\s+", 2);
                    return Found.number(ids[0], 10);
                }
            }
        }
        return -1;
    }

    private long bootMillis() {
        var stat = HostRoot.text(root.of("/proc/stat"), 1 << 20);
        int at = stat == null ? -1 : stat.indexOf("\nbtime ");
        if (stat == null || at < 0) {
            return 0;
        }
        int end = stat.indexOf('\n', at + 1);
        return Math.max(
                        0,
                        Found.number(
                                stat.substring(at + 7, end < 0 ? stat.length() : end)
                                        .trim(),
                                10))
                * 1000;
    }

    @Override
    public long refusals() {
        return refusals;
    }
}
