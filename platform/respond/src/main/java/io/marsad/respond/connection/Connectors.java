package io.marsad.respond.connection;

import io.marsad.connect.manifest.Manifest;
import io.marsad.connect.manifest.ManifestReader;
import io.marsad.kernel.content.ContentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connectors that there are, by name. Immutable. */
public final class Connectors {
    private static final Logger LOG = LoggerFactory.getLogger(Connectors.class);

    private final Map<String, Manifest> manifests = new TreeMap<>();

    public Connectors(Collection<Manifest> manifests) {
        manifests.forEach(one -> this.manifests.put(one.name(), one));
    }

    /** Those of a folder. @throws ContentException with all faults of the first that has some */
    public static Connectors read(Path folder) throws ContentException, IOException {
        var all = new ArrayList<Manifest>();
        for (var file : ManifestReader.files(folder)) {
            all.add(ManifestReader.read(file));
        }
        return new Connectors(all);
    }

    /**
     * The shipped ones, and those of an installation's own folder, if there is one. What is wrong with an own one is logged,
     * and it is left out: one file does not keep a platform from starting. An own one cannot take a shipped one's place.
     *
     * @throws ContentException with all faults of the first shipped one that has some
     */
    public static Connectors ofInstallation(Path shipped, Path own) throws ContentException, IOException {
        var all = new ArrayList<>(read(shipped).all());
        if (Files.isDirectory(own)) {
            for (var file : ManifestReader.files(own)) {
                try {
                    var one = ManifestReader.read(file);
                    if (all.stream().anyMatch(other -> other.name().equals(one.name()))) {
                        LOG.warn("{} is left out: there is a connector {} already", file, one.name());
                    } else {
                        all.add(one);
                    }
                } catch (ContentException e) {
                    e.problems().forEach(problem -> LOG.warn("a connector is left out: {}", problem));
                }
            }
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

    /** As people call it: the product, and the tenant's name for it. */
    public String shown(TenantConnection one) {
        var manifest = find(one.content().connector());
        return (manifest == null ? one.content().connector() : manifest.title()) + " ("
                + one.content().name() + ")";
    }
}
