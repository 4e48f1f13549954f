package io.marsad.respond.connection;

import io.marsad.connect.manifest.Manifest;
import io.marsad.connect.manifest.ManifestReader;
import io.marsad.kernel.content.ContentException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The connectors that there are, by name. Immutable. */
public final class Connectors {
    private final Map<String, Manifest> manifests = new TreeMap<>();

    public Connectors(Collection<Manifest> manifests) {
        manifests.forEach(one -> this.manifests.put(one.name(), one));
    }

    /** Those of a folder. @throws ContentException with all faults of the first that has some */
    public static Connectors read(Path folder) throws ContentException, IOException {
        var all = new java.util.ArrayList<Manifest>();
        for (var file : ManifestReader.files(folder)) {
            all.add(ManifestReader.read(file));
        }
        return new Connectors(all);
    }

    public Collection<Manifest> all() {
        return manifests.values();
    }

    /** @return null when there is none of that name */
    public @Nullable Manifest find(String name) {
        return manifests.get(name);
    }
}
