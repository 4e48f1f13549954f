package io.marsad.soc.decision;

import io.marsad.soc.alert.Confidence;
import io.marsad.soc.intel.IntelJson;
import io.marsad.soc.intel.IntelResult;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a judge is told: the alert, what intelligence says of it, and the confidence. Texts in it are the attacker's.
 *
 * @param repair what was wrong with its first answer; null when this is the first time
 */
public record JudgeQuestion(
        SubmittedAlert alert,
        IntelResult intel,
        Confidence confidence,
        @Nullable String repair) {
    private static final int LONGEST_LOG = 4_000;
    private static final int LONGEST_CONTEXT = 2_000;
    private static final int LONGEST_FIELD = 512;

    public JudgeQuestion(SubmittedAlert alert, IntelResult intel, Confidence confidence) {
        this(alert, intel, confidence, null);
    }

    /** The same once more, after an answer with this fault. */
    JudgeQuestion again(String fault) {
        return new JudgeQuestion(alert, intel, confidence, fault);
    }

    /** The texts that strangers wrote, as a model is shown them, by the names of their fields; no others are. */
    public Map<String, String> shown() {
        var shown = new LinkedHashMap<String, String>();
        shown.put("source", ShownText.of(alert.source(), LONGEST_FIELD));
        shown.put("rule_id", ShownText.of(alert.ruleId(), LONGEST_FIELD));
        shown.put("rule_name", ShownText.of(alert.ruleName(), LONGEST_FIELD));
        shown.put("indicator_type", ShownText.of(alert.indicator().type(), LONGEST_FIELD));
        shown.put("indicator", ShownText.of(alert.indicator().value(), LONGEST_FIELD));
        shown.put("context", ShownText.of(alert.context().json(), LONGEST_CONTEXT));
        shown.put("raw_log", ShownText.of(alert.rawLog(), LONGEST_LOG));
        return shown;
    }

    /** As JSON; the same for the same facts. */
    public String json() {
        return DecisionJson.build(to -> {
            to.writeStartObject();
            to.writeStringProperty("source", alert.source());
            to.writeStringProperty("rule_id", alert.ruleId());
            to.writeStringProperty("rule_name", alert.ruleName());
            to.writeStringProperty("severity", alert.severity().word());
            to.writeName("indicator");
            IntelJson.indicator(to, alert.indicator());
            IntelJson.number(to, "confidence", confidence.fraction());
            to.writeStringProperty("risk_level", intel.level().word());
            IntelJson.signals(to, intel.signals());
            to.writeStringProperty("context", alert.context().json());
            to.writeStringProperty("raw_log", alert.rawLog());
            to.writeEndObject();
        });
    }

    /** SHA-256 of {@link #json}, in hex. */
    public String hash() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(json().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    /** Whether the text stands in what the alert came with, or in what was shown of it, word for word. */
    boolean contains(String quote) {
        var words = quote.strip();
        return !words.isEmpty()
                && (alert.rawLog().contains(words)
                        || alert.context().json().contains(words)
                        || shown().values().stream().anyMatch(text -> text.contains(words)));
    }
}
