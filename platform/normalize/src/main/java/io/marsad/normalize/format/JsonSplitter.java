package io.marsad.normalize.format;

import java.io.IOException;

/**
 * Finds the objects in a stream of JSON: one after the other, in an array, or in an object's first array
 * ({@code {"Records":[…]}}). Only counts brackets; whether an object is well formed its parser says.
 */
final class JsonSplitter {
    private final RecordSource in;
    private final RecordFiles.Sink sink;
    private final RecordFiles.Counts counts;
    /** How many brackets are around the objects. */
    private int around;

    JsonSplitter(RecordSource in, RecordFiles.Sink sink, RecordFiles.Counts counts) {
        this.in = in;
        this.sink = sink;
        this.counts = counts;
    }

    /** @param wrapped the objects are in the first array of one object */
    void split(boolean wrapped) throws IOException {
        if (wrapped) {
            for (int c = in.read(); c >= 0 && c != '['; c = in.read()) {}
            around = 1;
        }
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '{') {
                in.mark();
                object();
            } else if (c == ']' && around > 0) {
                around--;
                if (wrapped) {
                    return;
                }
            } else if (c == '[') {
                around++;
            } else if (c == '"') {
                string();
                counts.refuse("something that is not a JSON object");
            }
        }
    }

    private void object() throws IOException {
        int depth = 1;
        while (depth > 0) {
            int c = in.read();
            if (c < 0) {
                in.taken();
                counts.refuse("the file ends in the middle of an object");
                return;
            } else if (c == '"') {
                string();
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
            }
        }
        int length = in.taken();
        if (length < 0) {
            counts.refuse("a record longer than " + RecordFiles.MAX_RECORD_BYTES + " bytes");
        } else {
            counts.record();
            sink.record(RecordFormat.detect(in.bytes(), in.start(), length), in.bytes(), in.start(), length);
        }
    }

    private void string() throws IOException {
        for (int c = in.read(); c >= 0 && c != '"'; c = in.read()) {
            if (c == '\\') {
                in.read();
            }
        }
    }
}
