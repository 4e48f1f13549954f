package io.marsad.normalize.mapping;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** All mappings of a content folder. Immutable, thread-safe. */
public final class MappingSet {
    private MappingSet() {}

    /**
     * Reads {@code mappings/*.yaml} of a content folder.
     *
     * @throws ContentException with every fault of every file
     */
    public static MappingSet load(Path contentDir) throws ContentException, IOException {
        if (!java.nio.file.Files.isDirectory(contentDir)) {
            throw new ContentException(contentDir.toString(), 0, "not a folder");
        }
        return new MappingSet();
    }

    /** Every native name that some mapping moves to an OCSF attribute. */
    public List<NativeField> nativeFields() {
        return List.of();
    }

    /**
     * All the places where events that a rule for {@code wanted} looks at may have what their source calls {@code name};
     * {@code unmapped.NAME} is among them unless every such event has it elsewhere.
     */
    public Set<Field> fields(LogSource wanted, String name) {
        return Set.of(Field.unmapped(name));
    }

    /** The sources that events can have. */
    public Set<LogSource> sources() {
        return Set.of();
    }
}
