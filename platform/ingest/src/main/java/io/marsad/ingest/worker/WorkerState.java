package io.marsad.ingest.worker;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What a worker remembers, as bytes: the detector's state and the keyed records that were seen. */
final class WorkerState {
    private static final int VERSION = 2;

    private WorkerState() {}

    static byte[] write(Detector detector, DedupeWindow seen) {
        var state = detector.snapshot();
        var out = ByteBuffer.allocate(8 + state.length + seen.snapshotBytes());
        out.putInt(VERSION).putInt(state.length).put(state);
        seen.write(out);
        return out.array();
    }

    /** Into a new detector and a new window. */
    static void read(byte[] snapshot, Detector detector, DedupeWindow seen) throws IOException {
        var in = ByteBuffer.wrap(snapshot);
        int version = in.getInt();
        if (version != VERSION) {
            throw new IOException("the worker's state is of version " + version + ", not " + VERSION);
        }
        var state = new byte[in.getInt()];
        in.get(state);
        detector.restore(state);
        seen.read(in);
    }
}
