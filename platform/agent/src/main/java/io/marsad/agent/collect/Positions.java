package io.marsad.agent.collect;

import io.marsad.uplink.DurableFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
            DurableFile.replace(kept, root.toString().getBytes(StandardCharsets.UTF_8));
            fresh = false;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "positions were not kept: what was read may come again", e);
        }
    }
}
