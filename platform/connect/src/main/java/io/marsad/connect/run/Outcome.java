package io.marsad.connect.run;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What came of a call. Reasons are for people; nothing in it is a secret. */
public sealed interface Outcome {
    /**
     * It is done.
     *
     * @param raw the last answer's beginning
     * @param rollback what undoes it; null when nothing does
     * @param verify what shows that it took effect; null when nothing does
     */
    record Succeeded(
            ObjectNode outputs,
            String raw,
            @Nullable Call rollback,
            @Nullable Call verify) implements Outcome {}

    /**
     * It will not be done, however often it is asked for.
     *
     * @param status of the answer; null when nothing was asked
     * @param done the steps that had written something before
     */
    record Refused(String reason, @Nullable Integer status, String raw, List<String> done) implements Outcome {}

    /**
     * It can be asked for again, without doing it twice.
     *
     * @param after when
     * @param maybe whether it may have taken effect already
     * @param done the steps that had written something before
     */
    record Temporary(String reason, Duration after, boolean maybe, List<String> done) implements Outcome {}

    /** It may have been done, and doing it again may do it twice: a person has to look. */
    record Unknown(String reason, List<String> done) implements Outcome {}

    /** What would have been sent. */
    record Simulated(List<Rendered> requests) implements Outcome {}

    /** An operation of the same connection with its parameters. */
    record Call(String operation, ObjectNode parameters) {}

    /**
     * A request as it would be sent, secrets masked.
     *
     * @param conditional whether it is sent depends on an answer
     */
    record Rendered(
            String step,
            boolean writes,
            boolean conditional,
            String method,
            String url,
            Map<String, String> headers,
            String body) {}
}
