package io.marsad.respond.service;

import io.marsad.kernel.content.ContentException;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.durable.PlaybookSource;
import io.marsad.respond.trial.PlaybookFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The playbooks that come with the platform, read once. Immutable. */
public final class ShippedPlaybooks {
    /** There are none. */
    public static final ShippedPlaybooks NONE = new ShippedPlaybooks(Map.of());

    private final Map<UUID, PlaybookSource> all;

    private ShippedPlaybooks(Map<UUID, PlaybookSource> all) {
        this.all = Collections.unmodifiableMap(new LinkedHashMap<>(all));
    }

    /**
     * Those of a folder that can be run; none when it is not there.
     *
     * @throws ContentException when one cannot be read or run: what is shipped has been tested
     */
    public static ShippedPlaybooks read(Path folder, PlaybookReader reader) throws IOException, ContentException {
        Map<UUID, PlaybookSource> all = new LinkedHashMap<>();
        if (!Files.isDirectory(folder)) {
            return NONE;
        }
        for (var file : PlaybookFolder.files(folder)) {
            var source = PlaybookSource.of(reader, Files.readString(file));
            if (!source.isRunnable()) {
                throw new ContentException(
                        file.toString(),
                        0,
                        "a shipped playbook cannot be run: " + source.reading().errors());
            }
            all.put(source.id(), source);
        }
        return new ShippedPlaybooks(all);
    }

    @Nullable
    PlaybookSource find(UUID playbook) {
        return all.get(playbook);
    }

    Collection<PlaybookSource> all() {
        return all.values();
    }
}
