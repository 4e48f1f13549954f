package io.marsad.normalize.mapping;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.content.YamlNode;
import java.util.ArrayList;
import java.util.List;

/** Gathers faults, so that a file's author sees all of them at once. */
final class Problems {
    private final List<ContentProblem> all = new ArrayList<>();

    /** A piece of reading that may fail without keeping the rest from being read. */
    interface Piece {
        void read() throws ContentException;
    }

    void run(Piece piece) {
        try {
            piece.read();
        } catch (ContentException e) {
            all.addAll(e.problems());
        }
    }

    void add(YamlNode at, String reason) {
        all.add(new ContentProblem(at.file(), at.line(), reason));
    }

    void add(ContentProblem problem) {
        all.add(problem);
    }

    void addAll(ContentException e) {
        all.addAll(e.problems());
    }

    int count() {
        return all.size();
    }

    void throwIfAny() throws ContentException {
        if (!all.isEmpty()) {
            throw new ContentException(all.stream().distinct().toList());
        }
    }
}
