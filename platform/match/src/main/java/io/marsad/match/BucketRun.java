package io.marsad.match;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One bucket's scratch memory: which of its rules the open row has woken. Of one thread. */
final class BucketRun implements LiteralScanner.Sink {
    private final Bucket bucket;
    private final Run run;
    private final int[][] seen;
    private final int[] woken;
    private final int[] candidates;
    private int candidateCount;
    private int[] scanSeen = {};
    private Bucket.@Nullable Scan current;

    BucketRun(Bucket bucket, Run run) {
        this.bucket = bucket;
        this.run = run;
        seen = Arrays.stream(bucket.scans())
                .map(s -> run.row().mark(s.proves().length))
                .toArray(int[][]::new);
        woken = run.row().mark(bucket.size());
        candidates = new int[bucket.size()];
    }

    Bucket bucket() {
        return bucket;
    }

    /** The bucket's rules that the row may fit; so many as there are {@linkplain #candidateCount candidates}. */
    int[] candidates() {
        return candidates;
    }

    int candidateCount() {
        return candidateCount;
    }

    /** Begins with a row: only what is evaluated for every event is a candidate. */
    void begin() {
        int[] always = bucket.always();
        System.arraycopy(always, 0, candidates, 0, always.length);
        candidateCount = always.length;
    }

    /** Looks through the slots' values, all but those of the slot that was looked through {@linkplain Keywords before}. */
    void scan(int slotDone) {
        var row = run.row();
        var scans = bucket.scans();
        for (int i = 0; i < scans.length; i++) {
            var scan = scans[i];
            int value = scan.slot() == slotDone ? -1 : row.first(scan.slot());
            if (value < 0) {
                continue;
            }
            scanning(i);
            for (; value >= 0; value = row.next(scan.slot(), value)) {
                scan.scanner().scan(row, value, this);
            }
        }
    }

    /** What is found from now on is what the scan looks for. */
    void scanning(int scan) {
        current = bucket.scans()[scan];
        scanSeen = seen[scan];
    }

    @Override
    public boolean found(int literal) {
        var scan = current;
        int epoch = run.row().epoch();
        if (scan == null || scanSeen[literal] == epoch) {
            return false;
        }
        scanSeen[literal] = epoch;
        for (int atom : scan.proves()[literal]) {
            run.prove(atom);
        }
        for (int rule : scan.wakes()[literal]) {
            if (woken[rule] != epoch) {
                woken[rule] = epoch;
                candidates[candidateCount++] = rule;
            }
        }
        return false;
    }
}
