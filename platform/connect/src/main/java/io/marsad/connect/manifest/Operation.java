package io.marsad.connect.manifest;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a product does for us.
 *
 * @param action the typed action of the catalogue that it provides
 * @param steps its requests, in order
 * @param outputs what it gives, by name
 */
public record Operation(
        String name,
        String title,
        boolean writes,
        @Nullable String action,
        Map<String, Input> parameters,
        List<Step> steps,
        Map<String, Output> outputs,
        Idempotency idempotency,
        @Nullable Follow rollback,
        @Nullable Follow verify) {

    /** What happens when a write is sent twice. */
    public sealed interface Idempotency {}

    /** Nothing more than when it is sent once. */
    public record Natural() implements Idempotency {}

    /** It happens twice: what may have arrived is never sent again. */
    public record Twice() implements Idempotency {}

    /** The vendor recognises it by a key, in the request or in this header. */
    public record Keyed(@Nullable String header) implements Idempotency {}

    /**
     * One request.
     *
     * @param when it is made; always when there is none
     */
    public record Step(
            String name,
            boolean writes,
            @Nullable Condition when,
            Request request,
            Success success,
            Map<String, Output> outputs,
            List<ErrorRule> errors,
            @Nullable Pagination pagination) {}

    /**
     * A request.
     *
     * @param path begins with a slash
     */
    public record Request(
            String method,
            Text path,
            Map<String, Text> query,
            Map<String, Text> headers,
            @Nullable Body body,
            Format answers) {}

    /** What is sent besides the head. */
    public sealed interface Body {}

    /** As JSON. */
    public record JsonBody(Tree tree) implements Body {}

    /** As a form. */
    public record FormBody(Map<String, Text> fields) implements Body {}

    /** As it is. */
    public record TextBody(Text text, String contentType) implements Body {}

    /** What an answer's body is read as. */
    public enum Format {
        JSON,
        XML,
        /** A tree with the one key {@code text}. */
        TEXT
    }

    /** Which answers are the ones hoped for. */
    public record Success(List<Integer> statuses, @Nullable Condition when) {}

    /**
     * One value out of an answer.
     *
     * @param path in the answer's body; or
     * @param header of the answer; or
     * @param value out of what is known already
     * @param otherwise the reason that is given when there is none; nothing is said when it is null
     */
    public record Output(
            String name,
            @Nullable Path path,
            @Nullable String header,
            @Nullable Text value,
            ValueType type,
            @Nullable String otherwise) {}

    /**
     * What an answer means.
     *
     * @param status any when null
     * @param says for people
     */
    public record ErrorRule(
            @Nullable Integer status, @Nullable Condition when, String says, Then then) {}

    /** What comes of an answer that is not the one hoped for. */
    public enum Then {
        REFUSED,
        TEMPORARY,
        /** Nobody knows whether it was done: tried again where that is safe, else for a person. */
        UNKNOWN,
        /** What was asked for is so already. */
        SUCCEEDED
    }

    /** How further pages are asked for. */
    public record Pagination(
            Kind kind,
            Path items,
            @Nullable Path cursor,
            @Nullable String parameter,
            int size,
            int pages) {
        /** What the next request has that the one before had not. */
        public enum Kind {
            CURSOR,
            LINK,
            PAGE,
            OFFSET
        }
    }

    /**
     * Another operation of the same connector, with what it is called with.
     *
     * @param expect of its outputs; null for a roll-back
     */
    public record Follow(
            String operation,
            Map<String, Tree> parameters,
            @Nullable Condition expect) {}
}
