package io.marsad.agent.collect;

import io.marsad.uplink.DurableFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Files that are made, changed or gone: {@code Create}, {@code Update}, {@code Delete}, and {@code Set Attributes} where only
 * owner or mode is another. Fields: path, size, mode (octal), uid, hashes ({@code SHA256=…}, of files up to 64 MiB), and of
 * what was before size_before, mode_before, uid_before, hashes_before.
 *
 * <p>The kernel says in which folder something happens (inotify); all is looked at every ten minutes, too. What was seen is
 * kept on disk, so that changes while the agent is away are found; what is there when a file is first watched is no change.
 */
public final class IntegrityCollector implements Collector {
    private static final Logger LOG = System.getLogger(IntegrityCollector.class.getName());
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int FILES = 5_000;
    private static final long HASHED = 64L << 20;
    private static final long ALL_EVERY = 600_000;
    private static final int KEPT_BYTES = 8 << 20;

    private final FilePatterns patterns;
    private final Path kept;
    private final InstantSource clock;
    private final Hashes hashes = new Hashes(HASHED);
    private final Map<Path, WatchKey> watched = new HashMap<>();
    private final Set<String> knownPatterns = new HashSet<>();
    private final Map<String, Seen> seen = new TreeMap<>();
    private @Nullable WatchService watch;
    private long allLookedAt;
    private boolean first = true;
    private boolean changed;
    private long refusals;

    /** @param sign of inode and times: another one means that it is looked at again */
    private record Seen(String sign, long size, int mode, long uid, String hashes) {}

    /** @param kept the file in which what was seen is kept */
    public IntegrityCollector(HostRoot root, List<String> patterns, Path kept, InstantSource clock) {
        this.patterns = new FilePatterns(root, patterns, FILES);
        this.kept = kept;
        this.clock = clock;
        read();
    }

    @Override
    public String name() {
        return "integrity";
    }

    @Override
    public void poll(Sink sink) {
        long now = clock.millis();
        boolean due = first || now - allLookedAt >= ALL_EVERY;
        if (!happened() && !due) {
            return;
        }
        if (due) {
            allLookedAt = now;
        }
        var there = new HashSet<String>();
        for (var file : patterns.files()) {
            var path = patterns.path(file);
            there.add(path);
            look(path, file, sink);
        }
        seen.entrySet().removeIf(one -> {
            var file = patterns.root().of(one.getKey());
            if (there.contains(one.getKey())
                    || Files.exists(file, LinkOption.NOFOLLOW_LINKS) && isWatched(one.getKey())) {
                return false;
            }
            changed = true;
            if (isWatched(one.getKey())) {
                sink.accept(before(record(one.getKey(), "Delete"), one.getValue()));
            }
            return true;
        });
        knownPatterns.clear();
        knownPatterns.addAll(patterns.patterns());
        first = false;
    }

    /** Whether the policy still names it: what it names no more is not gone. */
    private boolean isWatched(String path) {
        return matches(path, Set.copyOf(patterns.patterns()));
    }

    private static boolean matches(String path, Set<String> patterns) {
        var file = Path.of(path);
        return patterns.stream()
                .anyMatch(pattern ->
                        file.getFileSystem().getPathMatcher("glob:" + pattern).matches(file));
    }

    private void look(String path, Path file, Sink sink) {
        var before = seen.get(path);
        Map<String, Object> now;
        try {
            now = Files.readAttributes(
                    file, "unix:ino,size,lastModifiedTime,ctime,mode,uid", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            refusals++; // gone since, or not ours to read
            return;
        }
        var sign = now.get("ino") + " " + millis(now.get("lastModifiedTime")) + " " + millis(now.get("ctime"));
        if (before != null && before.sign.equals(sign)) {
            return;
        }
        changed = true;
        var hash = hashes.named(file);
        var found = new Seen(
                sign,
                now.get("size") instanceof Long size ? size : 0,
                now.get("mode") instanceof Integer mode ? mode & 0xfff : 0,
                now.get("uid") instanceof Integer uid ? uid : 0,
                hash == null ? "" : hash);
        seen.put(path, found);
        if (before == null) {
            if (matches(path, knownPatterns)) {
                sink.accept(now(record(path, "Create"), found));
            }
        } else if (before.size != found.size || !before.hashes.equals(found.hashes)) {
            sink.accept(before(now(record(path, "Update"), found), before));
        } else if (before.mode != found.mode || before.uid != found.uid) {
            sink.accept(before(now(record(path, "Set Attributes"), found), before));
        }
    }

    private static long millis(@Nullable Object time) {
        return time instanceof FileTime at ? at.toMillis() : 0;
    }

    private ObjectNode record(String path, String activity) {
        return Found.of(name(), activity, clock.millis()).put("path", path);
    }

    private static ObjectNode now(ObjectNode to, Seen seen) {
        return to.put("size", seen.size)
                .put("mode", Integer.toOctalString(seen.mode))
                .put("uid", seen.uid)
                .put("hashes", seen.hashes);
    }

    private static ObjectNode before(ObjectNode to, Seen seen) {
        return to.put("size_before", seen.size)
                .put("mode_before", Integer.toOctalString(seen.mode))
                .put("uid_before", seen.uid)
                .put("hashes_before", seen.hashes);
    }

    /** Whether the kernel says that something has, or cannot say. */
    private boolean happened() {
        boolean some = false;
        try {
            var service = watch;
            if (service == null) {
                watch = service = patterns.root().path().getFileSystem().newWatchService();
            }
            for (var folder : patterns.folders()) {
                var key = watched.get(folder);
                if ((key == null || !key.isValid()) && Files.isDirectory(folder)) {
                    watched.put(
                            folder,
                            folder.register(
                                    service,
                                    StandardWatchEventKinds.ENTRY_CREATE,
                                    StandardWatchEventKinds.ENTRY_MODIFY,
                                    StandardWatchEventKinds.ENTRY_DELETE));
                    some = true;
                }
            }
            for (var key = service.poll(); key != null; key = service.poll()) {
                some |= !key.pollEvents().isEmpty();
                key.reset();
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "folders cannot be watched; they are looked at", e);
            return true;
        }
        return some;
    }

    private void read() {
        var text = HostRoot.text(kept, KEPT_BYTES);
        if (text == null) {
            return;
        }
        try {
            var root = JSON.readTree(text);
            root.path("patterns").forEach(one -> knownPatterns.add(one.asString("")));
            root.path("files").properties().forEach(one -> seen.put(one.getKey(), seen(one.getValue())));
        } catch (JacksonException e) {
            LOG.log(Level.WARNING, "what was seen of files cannot be read: what is there now is taken as it is", e);
        }
    }

    private static Seen seen(JsonNode node) {
        return new Seen(
                node.path("sign").asString(""),
                node.path("size").asLong(0),
                node.path("mode").asInt(0),
                node.path("uid").asLong(0),
                node.path("hashes").asString(""));
    }

    @Override
    public void commit() {
        if (!changed) {
            return;
        }
        var root = JSON.createObjectNode();
        patterns.patterns().forEach(root.putArray("patterns")::add);
        var files = root.putObject("files");
        seen.forEach((path, one) -> files.putObject(path)
                .put("sign", one.sign)
                .put("size", one.size)
                .put("mode", one.mode)
                .put("uid", one.uid)
                .put("hashes", one.hashes));
        try {
            DurableFile.replace(kept, root.toString().getBytes(StandardCharsets.UTF_8));
            changed = false;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "what was seen of files was not kept: a change may be said again", e);
        }
    }

    @Override
    public void close() {
        var service = watch;
        watch = null;
        watched.clear();
        if (service != null) {
            try {
                service.close();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "a watch is not closed", e);
            }
        }
    }

    @Override
    public long refusals() {
        return refusals;
    }
}
