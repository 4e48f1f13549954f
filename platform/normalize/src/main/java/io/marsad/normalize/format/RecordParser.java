package io.marsad.normalize.format;

import org.jspecify.annotations.Nullable;

/** Takes a record apart. Holds scratch memory: one thread uses it. */
public interface RecordParser {
    /**
     * Writes the record's values to the tape, in place of what was there.
     *
     * @param received when the platform took the record, epoch milliseconds; completes times that lack a year
     * @return null, or why this is not such a record (then the tape's content means nothing); never throws because of
     *     what the bytes are
     */
    @Nullable
    String parse(byte[] bytes, int offset, int length, long received, Tape out);
}
