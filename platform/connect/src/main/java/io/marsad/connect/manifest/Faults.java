package io.marsad.connect.manifest;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.content.YamlNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers what is wrong with a file, so that all of it is said at once. */
final class Faults {
    private final List<ContentProblem> all = new ArrayList<>();

    /** A piece that is read. */
    interface Reading<T extends @Nullable Object> {
        T read() throws ContentException;
    }

    /** The piece, or what stands for it where it has faults. */
    <T extends @Nullable Object> T or(T instead, Reading<T> reading) {
        try {
            return reading.read();
        } catch (ContentException e) {
            all.addAll(e.problems());
            return instead;
        }
    }

    void add(YamlNode at, String reason) {
        all.add(new ContentProblem(at.file(), at.line(), reason));
    }

    void end() throws ContentException {
        if (!all.isEmpty()) {
            throw new ContentException(all.stream().distinct().toList());
        }
    }
}
