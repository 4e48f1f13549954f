package io.marsad.soc.decision;

import io.marsad.soc.alert.Confidence;
import io.marsad.soc.intel.IntelJson;
import io.marsad.soc.intel.IntelResult;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * All that a judge is told: the alert, what intelligence says of it, and the confidence. Texts in it are the attacker's.
 */
public record JudgeQuestion(SubmittedAlert alert, IntelResult intel, Confidence confidence) {
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

    /** Whether the text stands in what the alert came with, word for word. */
    boolean contains(String quote) {
        return alert.rawLog().contains(quote) || alert.context().json().contains(quote);
    }
}
