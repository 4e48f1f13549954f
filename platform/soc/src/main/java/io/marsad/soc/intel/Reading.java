package io.marsad.soc.intel;

import io.marsad.soc.intel.IntelAnswer.State;
import io.marsad.soc.intel.Signal.Scale;
import io.marsad.soc.json.FaultyJsonException;
import io.marsad.soc.json.UntrustedJson;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One answer while it is read: what counts, what does not, and what is not as it should be. */
final class Reading {
    private static final int MOST_FAULTS = 20;
    private static final int LONGEST_NOTE = 200;
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private final String source;
    private final String raw;
    private final List<Signal> signals = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    Reading(String source, String raw) {
        this.source = source;
        this.raw = raw;
    }

    /** What a reader makes of an answer's tree. */
    @FunctionalInterface
    interface Body {
        IntelAnswer read(JsonNode root, Reading reading);
    }

    /** The body as a tree, handed on; a failure when it is none. */
    static IntelAnswer of(String source, String text, Body body) {
        JsonNode root;
        try {
            root = UntrustedJson.read(text, AnswerReader.LONGEST);
        } catch (FaultyJsonException e) {
            boolean kept = text.length() <= AnswerReader.LONGEST;
            return IntelAnswer.failed(source, "the answer is " + e.getMessage(), kept ? text : null);
        }
        return root.isObject()
                ? body.read(root, new Reading(source, text))
                : IntelAnswer.failed(source, "the answer is no JSON object", text);
    }

    IntelAnswer found() {
        return new IntelAnswer(source, State.FOUND, signals, notes, faults, raw, null);
    }

    IntelAnswer notFound() {
        return IntelAnswer.notFound(source, raw);
    }

    IntelAnswer failed(String why) {
        return IntelAnswer.failed(source, cut(why), raw);
    }

    void note(String text) {
        notes.add(cut(text));
    }

    void fault(String text) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(cut(text));
        }
    }

    void signal(String field, JsonNode value, Scale scale, BigDecimal norm, String weight) {
        signals.add(new Signal(source, field, value.toString(), scale, norm, new BigDecimal(weight), value.toString()));
    }

    void signal(Signal signal) {
        signals.add(signal);
    }

    /** A number from 0 to 100 that is bad when it is high. */
    void score(JsonNode parent, String name, String field, String weight) {
        var value = parent.get(name);
        var number = whole(parent, name, 0, 100);
        if (value != null && number != null) {
            signal(field, value, Scale.SCORE_100, number.divide(HUNDRED), weight);
        }
    }

    /** A number below zero that is bad the lower it is; zero itself says nothing. */
    void reputation(JsonNode parent, String name, String weight) {
        var value = parent.get(name);
        var number = whole(parent, name, -1_000_000_000, 1_000_000_000);
        if (value != null && number != null && number.signum() != 0) {
            var bad = number.negate().max(BigDecimal.ZERO).min(HUNDRED);
            signal(name, value, Scale.REPUTATION, bad.divide(HUNDRED), weight);
        }
    }

    /** A word of three. */
    void classification(JsonNode parent, String name, String weight) {
        var value = parent.get(name);
        var word = UntrustedJson.text(value);
        if (value == null || value.isNull() || "unknown".equals(word) || "".equals(word)) {
            return;
        }
        switch (word == null ? "" : word) {
            case "malicious" -> signal(name, value, Scale.CLASSIFICATION, BigDecimal.ONE, weight);
            case "suspicious" -> signal(name, value, Scale.CLASSIFICATION, new BigDecimal("0.5"), weight);
            case "benign" -> signal(name, value, Scale.CLASSIFICATION, BigDecimal.ZERO, weight);
            default -> fault(name + " is no classification that is known");
        }
    }

    /** The number, within its bounds; null and a fault when it is there and is none. */
    @Nullable
    BigDecimal whole(JsonNode parent, String name, long least, long most) {
        var value = parent.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        var number = UntrustedJson.number(value);
        boolean sound = number != null
                && number.compareTo(BigDecimal.valueOf(least)) >= 0
                && number.compareTo(BigDecimal.valueOf(most)) <= 0;
        if (!sound || number == null) {
            fault(name + " is no number from " + least + " to " + most);
            return null;
        }
        return number.setScale(Math.min(number.scale(), Signal.SCALE), RoundingMode.CEILING);
    }

    /** The flag; null, and a fault when it is there and is none. */
    @Nullable
    Boolean flag(JsonNode parent, String name) {
        var value = parent.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isBoolean()) {
            fault(name + " is neither true nor false");
            return null;
        }
        return value.booleanValue();
    }

    /** The object; null, and a fault when it is there and is none. */
    @Nullable
    JsonNode object(JsonNode parent, String name) {
        var value = parent.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isObject()) {
            fault(name + " is no object");
            return null;
        }
        return value;
    }

    private static String cut(String text) {
        return text.length() > LONGEST_NOTE ? text.substring(0, LONGEST_NOTE - 1) + '…' : text;
    }
}
