package io.marsad.server.imports;

import io.marsad.sigma.About;
import io.marsad.soc.alert.RuleOrigin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which rules are whose: the shipped ones, those of imported sets, and an installation's own. Immutable, thread-safe. */
public final class RuleOrigins {
    /** What is shipped, as rules are part of the product. */
    private static final RuleOrigin SHIPPED = new RuleOrigin("marsad", "", "", "Apache-2.0");

    private static final RuleOrigin OWN = new RuleOrigin("", "", "", "");

    private final Map<Path, RuleOrigin> folders = new LinkedHashMap<>();

    private RuleOrigins() {}

    /**
     * @param shipped the folder of the shipped rules
     * @param sets the folder that sets are imported into
     */
    public static RuleOrigins of(Path shipped, Path sets) throws IOException {
        var origins = new RuleOrigins();
        origins.folders.put(shipped.toAbsolutePath().normalize(), SHIPPED);
        for (ImportedSet set : ImportedSet.all(sets)) {
            var address = set.kind().equals("git") ? set.source() : ""; // a folder's name is nobody's business
            var licence = set.licence().equals(Licences.UNKNOWN) ? "" : set.licence();
            origins.folders.put(
                    sets.resolve(set.name()).toAbsolutePath().normalize(),
                    new RuleOrigin(set.name(), address, set.revision(), licence));
        }
        return origins;
    }

    /** Where a rule is from; the licence that it names itself wins over that of its set. */
    public RuleOrigin of(About about) {
        var found = origin(Path.of(about.file()).toAbsolutePath().normalize());
        var origin = found == null ? OWN : found;
        return about.license().isEmpty()
                ? origin
                : new RuleOrigin(origin.set(), origin.address(), origin.revision(), about.license());
    }

    private @Nullable RuleOrigin origin(Path file) {
        for (Path folder = file.getParent(); folder != null; folder = folder.getParent()) {
            var origin = folders.get(folder);
            if (origin != null) {
                return origin;
            }
        }
        return null;
    }
}
