package io.marsad.soc.intel;

import io.marsad.soc.json.UntrustedJson;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a service has answered before, asked again: for tests and for sites without a way out. */
public final class RecordedAnswers implements IntelSource {
    private static final int LONGEST_NAME = 64;

    private final String source;
    private final Map<String, IntelAnswer> answers = new HashMap<>();

    RecordedAnswers(String source) {
        this.source = source;
    }

    /**
     * One recorded answer as JSON: the service's own body, or {@code {"failed": "why"}} of one that did not answer.
     *
     * @throws IllegalArgumentException when there is no reader for the source
     */
    public static IntelAnswer answer(String source, Indicator asked, JsonNode body) {
        if (source.isEmpty() || source.length() > LONGEST_NAME || source.startsWith(LocalFeed.PREFIX)) {
            throw new IllegalArgumentException("a source's name has 1 to " + LONGEST_NAME
                    + " characters, and does not begin with " + LocalFeed.PREFIX);
        }
        var failed = failure(body);
        if (failed != null) {
            return IntelAnswer.failed(source, failed.isEmpty() ? "no answer" : failed, null);
        }
        for (AnswerReader reader : AnswerReader.ALL) {
            if (reader.source().equals(source)) {
                return reader.read(asked, body.toString());
            }
        }
        throw new IllegalArgumentException(
                "answers of " + source + " cannot be read; known are virustotal, abuseipdb and" + " greynoise");
    }

    private static @Nullable String failure(JsonNode body) {
        return body.isObject() && body.size() == 1 ? UntrustedJson.text(body.get("failed")) : null;
    }

    void add(Indicator indicator, JsonNode body) {
        answers.put(indicator.key(), answer(source, indicator, body));
    }

    @Override
    public String name() {
        return source;
    }

    @Override
    public boolean knows(Indicator indicator) {
        return answers.containsKey(indicator.key());
    }

    @Override
    public IntelAnswer lookup(Indicator indicator, Instant at) {
        var answer = answers.get(indicator.key());
        return answer == null ? IntelAnswer.notFound(source, null) : answer;
    }
}
