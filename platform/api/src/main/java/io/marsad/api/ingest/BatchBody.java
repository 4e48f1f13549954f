package io.marsad.api.ingest;

import io.marsad.api.http.Json;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.Problem.Fault;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * A batch as it was sent: what it says of itself, and where its records are. No tree is made of it.
 *
 * @param connector {@code connector_id}, or null
 * @param format {@code source_format}, or null
 */
record BatchBody(@Nullable String connector, @Nullable String format, boolean synthetic, Records records) {
    /** The most records of one request. */
    static final int MAX_RECORDS = 10_000;

    private static final int MAX_NAME = 128;

    /** Records as the items of {@code events}: objects stay as they are written, texts are unescaped. */
    static BatchBody ofJson(byte[] body) {
        try (var json = Json.FACTORY.createParser(ObjectReadContext.empty(), body)) {
            return new Reader(body, json).read();
        } catch (JacksonException e) {
            throw new Problem(
                            "not-json",
                            400,
                            "Bad request",
                            "The body is not JSON.",
                            List.of(new Fault("", Json.reason(e))))
                    .asException();
        }
    }

    private static void more(Records records) {
        if (records.size() == MAX_RECORDS) {
            throw Problem.tooLarge("A batch has at most " + MAX_RECORDS + " records.")
                    .asException();
        }
    }

    private static final class Reader {
        private final byte[] body;
        private final JsonParser json;
        private @Nullable String connector;
        private @Nullable String format;
        private boolean synthetic;
        private @Nullable Records records;

        Reader(byte[] body, JsonParser json) {
            this.body = body;
            this.json = json;
        }

        BatchBody read() {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw fault("", "object is expected");
            }
            for (var name = json.nextName(); name != null; name = json.nextName()) {
                json.nextToken();
                switch (name) {
                    case "events" -> events();
                    case "connector_id" -> connector = text(name);
                    case "connector_type" -> text(name);
                    case "source_format" -> format = text(name);
                    case "synthetic" -> synthetic = bool(name);
                    default -> throw fault("/" + (name.length() > 64 ? name.substring(0, 64) : name), "is not known");
                }
            }
            if (json.nextToken() != null) {
                throw fault("", "something follows the object");
            }
            if (records == null) {
                throw fault("/events", "is missing");
            }
            return new BatchBody(connector, format, synthetic, records);
        }

        private void events() {
            if (records != null) {
                throw fault("/events", "is there twice");
            }
            if (json.currentToken() != JsonToken.START_ARRAY) {
                throw fault("/events", "array is expected");
            }
            var found = new Records(body);
            for (var token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
                more(found);
                switch (token) {
                    case START_OBJECT -> {
                        int from = (int) json.currentTokenLocation().getByteOffset();
                        json.skipChildren();
                        found.range(from, (int) json.currentLocation().getByteOffset());
                    }
                    case VALUE_STRING -> found.text(json.getString().getBytes(StandardCharsets.UTF_8));
                    default -> {
                        json.skipChildren();
                        found.unfit();
                    }
                }
            }
            found.seal();
            records = found;
        }

        private String text(String name) {
            if (json.currentToken() != JsonToken.VALUE_STRING) {
                throw fault("/" + name, "string is expected");
            }
            var text = json.getString();
            if (text.length() > MAX_NAME) {
                throw fault("/" + name, "is longer than " + MAX_NAME + " characters");
            }
            return text;
        }

        private boolean bool(String name) {
            return switch (json.currentToken()) {
                case VALUE_TRUE -> true;
                case VALUE_FALSE -> false;
                case null, default -> throw fault("/" + name, "boolean is expected");
            };
        }

        private static RuntimeException fault(String where, String reason) {
            var fault = new Fault(where, reason);
            return new Problem(
                            "invalid-body",
                            400,
                            "Bad request",
                            "The body is not as the contract has it.",
                            List.of(fault))
                    .asException();
        }
    }
}
