package io.marsad.fleet.osquery;

import io.marsad.kernel.content.ContentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The packs that come with the platform, read once. Immutable. */
public final class ShippedPacks {
    /** There are none. */
    public static final ShippedPacks NONE = new ShippedPacks(Map.of());

    private static final String ENDING = ".yaml";
    private static final int MOST = 1_000;

    private final Map<String, PackText> all;

    private ShippedPacks(Map<String, PackText> all) {
        this.all = Collections.unmodifiableMap(new TreeMap<>(all));
    }

    /**
     * Those of a folder; none when it is not there.
     *
     * @throws ContentException when one is refused: what is shipped has been checked
     */
    public static ShippedPacks read(Path folder) throws IOException, ContentException {
        if (!Files.isDirectory(folder)) {
            return NONE;
        }
        var all = new TreeMap<String, PackText>();
        try (var files = Files.list(folder)) {
            for (var file : files.filter(one -> one.toString().endsWith(ENDING))
                    .sorted()
                    .limit(MOST)
                    .toList()) {
                var name = nameOf(file);
                var text = Files.readString(file);
                var read = PackReader.read(name, text);
                if (read.pack() == null) {
                    throw new ContentException(
                            read.findings().stream().map(PackFinding::problem).toList());
                }
                all.put(name, new PackText(read.pack(), text));
            }
        }
        return new ShippedPacks(all);
    }

    /** The name of the pack in a file: that of the file without its ending. */
    public static String nameOf(Path file) {
        var name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    @Nullable
    PackText find(String name) {
        return all.get(name);
    }

    Map<String, PackText> all() {
        return all;
    }

    /** A pack as it is written. */
    record PackText(QueryPack pack, String text) {}
}
