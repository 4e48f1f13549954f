package io.marsad.soc.intel;

import java.math.BigDecimal;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Intelligence as JSON, as the API and decisions have it. Raw values of sources stand as they were answered. */
public final class IntelJson {
    private IntelJson() {}

    /** The result, as one object. */
    public static void write(JsonGenerator to, IntelResult result) {
        to.writeStartObject();
        to.writeName("indicator");
        indicator(to, result.indicator());
        to.writeStringProperty("risk_level", result.level().word());
        number(to, "confidence", result.confidence());
        signals(to, result.signals());
        texts(to, "reasons", result.reasons());
        texts(to, "sources_queried", result.sourcesQueried());
        texts(to, "sources_failed", result.sourcesFailed());
        to.writeArrayPropertyStart("answers");
        for (IntelAnswer answer : result.answers()) {
            answer(to, answer);
        }
        to.writeEndArray();
        to.writeEndObject();
    }

    /** Type and value; of a value that is none of its type also why. */
    public static void indicator(JsonGenerator to, Indicator indicator) {
        to.writeStartObject();
        to.writeStringProperty("type", indicator.type());
        to.writeStringProperty("value", indicator.value());
        var fault = indicator.fault();
        if (fault != null) {
            to.writeStringProperty("fault", fault);
        }
        to.writeEndObject();
    }

    /** The property {@code signals}. */
    public static void signals(JsonGenerator to, List<Signal> signals) {
        to.writeArrayPropertyStart("signals");
        for (Signal signal : signals) {
            to.writeStartObject();
            to.writeStringProperty("source", signal.source());
            to.writeStringProperty("field", signal.field());
            to.writeName("value");
            raw(to, signal.value());
            to.writeStringProperty("scale", signal.scale().word());
            number(to, "norm", signal.norm());
            number(to, "weight", signal.weight());
            to.writeName("raw");
            raw(to, signal.raw());
            to.writeEndObject();
        }
        to.writeEndArray();
    }

    private static void answer(JsonGenerator to, IntelAnswer answer) {
        to.writeStartObject();
        to.writeStringProperty("source", answer.source());
        to.writeStringProperty("state", answer.state().word());
        var failure = answer.failure();
        if (failure != null) {
            to.writeStringProperty("failure", failure);
        }
        if (!answer.faults().isEmpty()) {
            texts(to, "faults", answer.faults());
        }
        to.writeName("raw");
        var raw = answer.raw();
        switch (answer.state()) {
            case FOUND, NOT_FOUND -> raw(to, raw == null ? "null" : raw);
            case FAILED -> {
                // What failed may be anything: a page in HTML, half an answer.
                if (raw == null) {
                    to.writeNull();
                } else {
                    to.writeString(raw);
                }
            }
        }
        to.writeEndObject();
    }

    /** JSON that has been read; line ends in it can only stand between its parts. */
    private static void raw(JsonGenerator to, String json) {
        to.writeRawValue(json.replace('\n', ' ').replace('\r', ' '));
    }

    /** A number without an exponent and without zeros that say nothing. */
    public static void number(JsonGenerator to, String name, BigDecimal number) {
        to.writeName(name);
        to.writeNumber(number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString());
    }

    private static void texts(JsonGenerator to, String name, List<String> texts) {
        to.writeArrayPropertyStart(name);
        texts.forEach(to::writeString);
        to.writeEndArray();
    }
}
