package io.marsad.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what is signed: one form only; whatever differs from it by a byte is none. */
final class Fields {
    /** Of a payload. */
    static final int MOST_BYTES = 256 << 10;

    static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(32)
                            .maxNameLength(256)
                            .maxNumberLength(40)
                            .maxStringLength(2 * MOST_BYTES)
                            .maxTokenCount(20_000)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Fields() {}

    /** Out of an object. */
    interface Reading<T> {
        T read(JsonNode node) throws EnvelopeRefused;
    }

    /**
     * @param what it is to be, for people
     * @throws EnvelopeRefused when these are not the bytes of one
     */
    static <T> T read(byte[] bytes, String what, Reading<T> reading, Function<T, byte[]> writing)
            throws EnvelopeRefused {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            var read = reading.read(JSON.readTree(text));
            if (!Arrays.equals(writing.apply(read), bytes)) {
                throw malformed("it is not in its canonical form");
            }
            return read;
        } catch (JacksonException | CharacterCodingException | IllegalArgumentException | DateTimeException e) {
            throw malformed("it is no " + what);
        }
    }

    static JsonNode array(JsonNode node, String name) throws EnvelopeRefused {
        var value = node.get(name);
        if (value == null || !value.isArray()) {
            throw malformed("'" + name + "' is no list");
        }
        return value;
    }

    static String text(JsonNode node, String name) throws EnvelopeRefused {
        var value = node.get(name);
        if (value == null) {
            throw malformed("'" + name + "' is missing");
        }
        return text(value);
    }

    static String text(JsonNode value) throws EnvelopeRefused {
        if (!value.isString()) {
            throw malformed("a text is expected");
        }
        return value.stringValue();
    }

    static long whole(JsonNode node, String name) throws EnvelopeRefused {
        var value = node.get(name);
        // Canonical JSON has doubles: beyond 2^53 two numbers would look the same.
        if (value == null || !value.isIntegralNumber() || Math.abs(value.doubleValue()) > 1L << 53) {
            throw malformed("'" + name + "' is no whole number");
        }
        return value.longValue();
    }

    static EnvelopeRefused malformed(String why) {
        return new EnvelopeRefused(EnvelopeRefused.Reason.MALFORMED, why);
    }
}
