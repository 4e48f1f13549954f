package io.marsad.connect.replay;

import io.marsad.kernel.content.YamlNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is recorded of a connector. */
record Recording(String file, ObjectNode config, Map<String, String> secrets, List<Exchange> exchanges) {

    /**
     * A call and what it comes to.
     *
     * @param verifies asks whether the call took effect, rather than making it
     * @param outputs expected; of a verification those of the call before
     * @param reason a part of it
     * @param after seconds
     */
    record Exchange(
            YamlNode at,
            String name,
            String operation,
            boolean verifies,
            ObjectNode parameters,
            String key,
            List<Request> requests,
            String outcome,
            @Nullable ObjectNode outputs,
            @Nullable String reason,
            @Nullable Long after,
            @Nullable JsonNode rollback) {}

    /**
     * A request that has to come, and its answer.
     *
     * @param body JSON, the fields of a form, or a text
     * @param lost the connection ends instead of an answer
     */
    record Request(
            YamlNode at,
            String method,
            String url,
            Map<String, String> headers,
            @Nullable JsonNode json,
            @Nullable JsonNode form,
            @Nullable String text,
            int status,
            Map<String, String> answerHeaders,
            String answer,
            boolean lost) {}
}
