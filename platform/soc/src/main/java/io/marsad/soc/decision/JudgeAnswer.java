package io.marsad.soc.decision;

import io.marsad.soc.json.FaultyJsonException;
import io.marsad.soc.json.UntrustedJson;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A judge's answer that is as {@link #SCHEMA} wants it.
 *
 * @param confidence how sure it says to be, exactly as written
 * @param summary for people; what it says is not checked
 * @param quotes what it rests on, each word for word from the alert
 * @param injection whether it saw text that tries to steer it
 */
public record JudgeAnswer(
        Ruling decision, BigDecimal confidence, String summary, List<String> quotes, boolean injection) {
    /** The form of an answer, in JSON Schema: for models that can be held to one. */
    public static final String SCHEMA = """
            {"type": "object", "additionalProperties": false,
             "required": ["decision", "confidence", "summary", "injection_suspected"],
             "properties": {
              "decision": {"type": "string", "enum": ["escalate", "auto_close", "human_review"]},
              "confidence": {"type": "number", "minimum": 0, "maximum": 1},
              "summary": {"type": "string", "maxLength": 800},
              "evidence": {"type": "array", "maxItems": 10,
               "items": {"type": "string", "minLength": 1, "maxLength": 200}},
              "injection_suspected": {"type": "boolean"}}}""";

    private static final int LONGEST = 16_384;
    private static final int LONGEST_SUMMARY = 800;
    private static final int LONGEST_QUOTE = 200;
    private static final int MOST_QUOTES = 10;
    private static final Set<String> NAMES =
            Set.of("decision", "confidence", "summary", "evidence", "injection_suspected");

    public JudgeAnswer {
        quotes = List.copyOf(quotes);
    }

    /** The answer that a text is. Strict: what is more or less than the schema, or quotes what is not there, is none. */
    public static JudgeAnswer read(String text, JudgeQuestion question) throws FaultyJsonException {
        var json = UntrustedJson.read(text, LONGEST);
        if (!json.isObject()) {
            throw new FaultyJsonException("no JSON object");
        }
        for (var property : json.properties()) {
            if (!NAMES.contains(property.getKey())) {
                throw new FaultyJsonException("more than what was asked for");
            }
        }
        var confidence = UntrustedJson.number(json.get("confidence"));
        if (confidence == null || confidence.signum() < 0 || confidence.compareTo(BigDecimal.ONE) > 0) {
            throw new FaultyJsonException("without a confidence from 0 to 1");
        }
        var injection = json.get("injection_suspected");
        if (injection == null || !injection.isBoolean()) {
            throw new FaultyJsonException("without injection_suspected");
        }
        var summary = UntrustedJson.text(json.get("summary"));
        if (summary == null || summary.length() > LONGEST_SUMMARY) {
            throw new FaultyJsonException("without a summary of at most " + LONGEST_SUMMARY + " characters");
        }
        return new JudgeAnswer(
                decision(json), confidence, summary, quotes(json.get("evidence"), question), injection.booleanValue());
    }

    private static Ruling decision(JsonNode json) throws FaultyJsonException {
        var word = UntrustedJson.text(json.get("decision"));
        for (Ruling ruling : Ruling.values()) {
            if (ruling.word().equals(word)) {
                return ruling;
            }
        }
        throw new FaultyJsonException("without one of the three decisions");
    }

    private static List<String> quotes(@Nullable JsonNode evidence, JudgeQuestion question) throws FaultyJsonException {
        var quotes = new ArrayList<String>();
        if (evidence == null) {
            return quotes;
        }
        if (!evidence.isArray() || evidence.size() > MOST_QUOTES) {
            throw new FaultyJsonException("with evidence that is no list of at most " + MOST_QUOTES);
        }
        for (JsonNode one : evidence) {
            var quote = UntrustedJson.text(one);
            if (quote == null || quote.isEmpty() || quote.length() > LONGEST_QUOTE || !question.contains(quote)) {
                throw new FaultyJsonException("with evidence that the alert does not have");
            }
            quotes.add(quote);
        }
        return quotes;
    }
}
