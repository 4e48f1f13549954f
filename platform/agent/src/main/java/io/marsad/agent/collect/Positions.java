package io.marsad.agent.collect;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** How far files were read, in a file that is replaced as a whole. Not thread-safe. */
final class Positions {
    private static final Logger LOG = System.getLogger(Positions.class.getName());
    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * @param file device and inode
     * @param mark CRC32C of the first {@code marked} bytes: another one means that the file began anew
     * @param skipping in the middle of a line that was cut
     */
    record Position(String file, long offset, int marked, long mark, boolean skipping) {}

    private final Path kept;
    private boolean fresh;

    Positions(Path kept) {
        this.kept = kept;
    }

    /** Nothing when there are none yet, or none that can be read. */
    Map<String, Position> read() {
        var positions = new HashMap<String, Position>();
        var text = HostRoot.text(kept, 4 << 20);
        fresh = text == null;
        if (text != null) {
            try {
                for (var at : JSON.readTree(text).properties()) {
                    var p = at.getValue();
                    positions.put(
                            at.getKey(),
                            new Position(
                                    p.path("file").asString(""),
                                    p.path("offset").asLong(0),
                                    p.path("marked").asInt(0),
                                    p.path("mark").asLong(0),
                                    p.path("skipping").asBoolean(false)));
                }
            } catch (JacksonException e) {
                LOG.log(Level.WARNING, "positions cannot be read: files are read from their beginning", e);
            }
        }
        return positions;
    }

    /** Whether nothing was ever kept. */
    boolean fresh() {
        return fresh;
    }

    void write(Map<String, Position> positions) {
        var root = JSON.createObjectNode();
        positions.forEach((path, p) -> root.putObject(path)
                .put("file", p.file())
                .put("offset", p.offset())
                .put("marked", p.marked())
                .put("mark", p.mark())
                .put("skipping", p.skipping()));
        try {
            replace(kept, root.toString());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "positions were not kept: what was read may come again", e);
        }
    }

    /** Durable, the old text or the new one. */
    static void replace(Path file, String text) throws IOException {
        var next = file.resolveSibling(file.getFileName() + ".next");
        try (var channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
