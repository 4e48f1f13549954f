package io.marsad.match;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What several buckets look for in all values of an event, looked for once: every value is walked over, so to do that for
 * each bucket would cost more than all their other fields. Of one thread.
 */
final class Keywords implements LiteralScanner.Sink {
    /** A literal is also that one of a bucket's scan. */
    private record Meaning(BucketRun run, int scan, int literal) {}

    private final LiteralScanner scanner;
    private final Meaning[][] meanings;

    private Keywords(LinkedHashMap<Literal, List<Meaning>> literals) {
        scanner = new LiteralScanner(List.copyOf(literals.sequencedKeySet()));
        meanings = literals.sequencedValues().stream()
                .map(list -> list.toArray(Meaning[]::new))
                .toArray(Meaning[][]::new);
    }

    /** Null when fewer than two of the buckets look through all values. */
    static @Nullable Keywords of(BucketRun[] runs) {
        var literals = new LinkedHashMap<Literal, List<Meaning>>();
        int count = 0;
        for (BucketRun run : runs) {
            var scans = run.bucket().scans();
            for (int i = 0; i < scans.length; i++) {
                if (scans[i].slot() == Row.VALUES) {
                    count++;
                    var wanted = scans[i].literals();
                    for (int k = 0; k < wanted.size(); k++) {
                        literals.computeIfAbsent(wanted.get(k), l -> new ArrayList<>())
                                .add(new Meaning(run, i, k));
                    }
                }
            }
        }
        return count < 2 ? null : new Keywords(literals);
    }

    /** Looks through all values of the open row; the buckets have begun with it. */
    void scan(Row row) {
        for (int value = row.first(Row.VALUES); value >= 0; value = row.next(Row.VALUES, value)) {
            scanner.scan(row, value, this);
        }
    }

    @Override
    public boolean found(int literal) {
        for (Meaning meaning : meanings[literal]) {
            meaning.run.scanning(meaning.scan);
            meaning.run.found(meaning.literal);
        }
        return false;
    }
}
