package io.marsad.server.cli;

import io.marsad.server.client.PlatformClient.Answer;
import tools.jackson.databind.JsonNode;

/** What a running platform answers, for a command. */
final class Answers {
    private Answers() {}

    /** The body; a failure with the platform's own words where it refused. */
    static JsonNode sound(Answer answer) {
        if (!answer.ok()) {
            var words = new StringBuilder(answer.problem());
            for (JsonNode fault : answer.body().path("errors")) {
                words.append(System.lineSeparator())
                        .append("  ")
                        .append(fault.path("where").asString())
                        .append(": ")
                        .append(fault.path("reason").asString());
            }
            throw new CommandFailure(words.toString());
        }
        return answer.body();
    }

    /** A time to the minute; {@code otherwise} for none. */
    static String minute(JsonNode time, String otherwise) {
        var text = time.asString("");
        return text.length() < 16 ? otherwise : text.substring(0, 16).replace('T', ' ');
    }
}
