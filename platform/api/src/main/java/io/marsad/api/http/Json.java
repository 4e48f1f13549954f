package io.marsad.api.http;

import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.Problem.Fault;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON in and out: answers are written as a stream, small requests are read as a tree, both bounded. */
public final class Json {
    /** For streaming over bodies of records. */
    public static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(HttpLimits.MOST_DEPTH)
                    .maxStringLength(16 << 20)
                    .maxNameLength(HttpLimits.MOST_NAME)
                    .maxNumberLength(HttpLimits.MOST_DIGITS)
                    .build())
            .build();

    private static final JsonMapper TREES = JsonMapper.builder(FACTORY.rebuild()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(FACTORY.streamReadConstraints()
                            .rebuild()
                            .maxTokenCount(HttpLimits.MOST_TOKENS)
                            .build())
                    .build())
            .enable(tools.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Json() {}

    /** Writes one JSON value. */
    @FunctionalInterface
    public interface Writer {
        void write(JsonGenerator to);
    }

    public static byte[] bytes(Writer writer) {
        var out = new ByteArrayOutputStream(512);
        try (var generator = FACTORY.createGenerator(tools.jackson.core.ObjectWriteContext.empty(), out)) {
            writer.write(generator);
        }
        return out.toByteArray();
    }

    /** The body as a tree. @throws io.marsad.kernel.problem.ProblemException 400 when it is no JSON */
    public static JsonNode tree(byte[] body) {
        try {
            var tree = TREES.readTree(body);
            if (tree == null || tree.isMissingNode()) {
                throw notJson("the body is empty");
            }
            return tree;
        } catch (JacksonException e) {
            throw notJson(reason(e));
        }
    }

    static RuntimeException notJson(String reason) {
        return new Problem("not-json", 400, "Bad request", "The body is not JSON.", List.of(new Fault("", reason)))
                .asException();
    }

    /** What is wrong and where, without pieces of the body. */
    public static String reason(JacksonException e) {
        var at = e.getLocation();
        var where = at == null || at.getLineNr() < 1
                ? ""
                : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
        return "not JSON" + where;
    }

    /** RFC 3339 in UTC with milliseconds. */
    public static String time(long epochMillis) {
        return TIME.format(Instant.ofEpochMilli(epochMillis));
    }

    public static String time(Instant instant) {
        return TIME.format(instant);
    }

    public static void time(JsonGenerator to, String name, @Nullable Instant instant) {
        if (instant == null) {
            to.writeNullProperty(name);
        } else {
            to.writeStringProperty(name, time(instant));
        }
    }

    /** The property, with null for an absent text. */
    public static void text(JsonGenerator to, String name, @Nullable String text) {
        if (text == null) {
            to.writeNullProperty(name);
        } else {
            to.writeStringProperty(name, text);
        }
    }

    public static void texts(JsonGenerator to, String name, Iterable<String> texts) {
        to.writeArrayPropertyStart(name);
        for (String text : texts) {
            to.writeString(text);
        }
        to.writeEndArray();
    }

    /** A value made of maps with text keys, lists, texts, numbers, booleans and nulls. */
    public static void value(JsonGenerator to, @Nullable Object value) {
        switch (value) {
            case null -> to.writeNull();
            case String text -> to.writeString(text);
            case Long number -> to.writeNumber(number);
            case Integer number -> to.writeNumber(number);
            case BigDecimal number -> to.writeNumber(number);
            case Boolean bool -> to.writeBoolean(bool);
            case Map<?, ?> map -> {
                to.writeStartObject();
                map.forEach((key, item) -> {
                    to.writeName(String.valueOf(key));
                    value(to, item);
                });
                to.writeEndObject();
            }
            case List<?> list -> {
                to.writeStartArray();
                list.forEach(item -> value(to, item));
                to.writeEndArray();
            }
            default -> throw new IllegalArgumentException("no JSON value: " + value.getClass());
        }
    }

    /** The text of a key, or null when it is absent. */
    public static @Nullable String text(JsonNode object, String name) {
        var value = object.get(name);
        return value == null || value.isNull() ? null : value.stringValue();
    }
}
