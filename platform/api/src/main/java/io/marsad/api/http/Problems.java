package io.marsad.api.http;

import io.marsad.kernel.problem.Problem;
import java.util.List;

/** Problems as {@code application/problem+json}. */
final class Problems {
    static final String MEDIA_TYPE = "application/problem+json";

    private Problems() {}

    static byte[] bytes(Problem problem, String requestId) {
        return Json.bytes(to -> {
            to.writeStartObject();
            to.writeStringProperty("type", "urn:marsad:problem:" + problem.type());
            to.writeStringProperty("title", problem.title());
            to.writeNumberProperty("status", problem.status());
            to.writeStringProperty("detail", problem.detail());
            to.writeStringProperty("request_id", requestId);
            if (!problem.errors().isEmpty()) {
                to.writeArrayPropertyStart("errors");
                for (var fault : problem.errors()) {
                    to.writeStartObject();
                    to.writeStringProperty("where", fault.where());
                    to.writeStringProperty("reason", fault.reason());
                    to.writeEndObject();
                }
                to.writeEndArray();
            }
            to.writeEndObject();
        });
    }

    static Problem internal() {
        return new Problem(
                "internal",
                500,
                "Internal error",
                "Something went wrong on our side; the server's log has it under this request_id.",
                List.of());
    }

    static Problem ofStatus(int status) {
        return switch (status) {
            case 401 -> Problem.unauthorized("Sign in, or send a token.");
            case 403 -> Problem.forbidden("This is not allowed.");
            case 404 -> Problem.notFound("There is nothing here.");
            case 408 ->
                new Problem("timeout", 408, "Request timeout", "The request took too long to arrive.", List.of());
            case 413 -> Problem.tooLarge("The request is larger than what is taken here.");
            case 414 -> new Problem("too-large", 414, "URI too long", "The path and query are too long.", List.of());
            case 415 ->
                new Problem(
                        "media-type", 415, "Unsupported media type", "This media type is not taken here.", List.of());
            case 431 ->
                new Problem("too-large", 431, "Header fields too large", "The headers are too large.", List.of());
            case 501 ->
                new Problem("not-implemented", 501, "Not implemented", "This encoding is not understood.", List.of());
            case 503 -> new Problem("unavailable", 503, "Unavailable", "Too much at once; come again.", List.of());
            case 505 ->
                new Problem("http-version", 505, "HTTP version not supported", "HTTP/1.1 is spoken here.", List.of());
            default ->
                status >= 400 && status < 500
                        ? new Problem("malformed", status, "Bad request", "The request is malformed.", List.of())
                        : internal();
        };
    }
}
