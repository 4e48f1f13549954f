package io.marsad.normalize.format;

import org.jspecify.annotations.Nullable;

/** Being written. */
final class AuditdParser implements RecordParser {
    private final JsonParser json = new JsonParser();

    @Override
    public @Nullable String parse(byte[] bytes, int offset, int length, long received, Tape out) {
        return json.parse(bytes, offset, length, received, out);
    }
}
