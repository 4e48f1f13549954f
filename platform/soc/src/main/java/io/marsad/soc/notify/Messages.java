package io.marsad.soc.notify;

import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.decision.DecisionJson;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.stream.Collectors;

/** A notice in the words of each kind of receiver; the same for the same notice. Stateless. */
final class Messages {
    private static final int LONGEST = 1_500;
    private static final int MOST_ENTITIES = 10;

    private Messages() {}

    static String subject(Notice notice) {
        var severity = notice.severity().word();
        return "[Marsad] " + severity.substring(0, 1).toUpperCase(Locale.ROOT) + severity.substring(1) + ": "
                + cut(notice.title(), 150);
    }

    /**
     * For people who read it outside.
     *
     * @param held so many others were held back before it
     */
    static String text(Notice notice, long held) {
        var text = new StringBuilder();
        text.append(cut(notice.summary(), LONGEST)).append('\n');
        if (notice.ruleId() == null) {
            return held(text, held).append('\n').toString();
        }
        var decision = notice.decision();
        if (decision != null) {
            text.append("\nWhy: ").append(cut(decision.reason(), 500));
            text.append("\nConfidence: ").append(percent(decision.confidence()));
        } else {
            text.append("\nWhy: somebody escalated it");
        }
        if (!notice.entities().isEmpty()) {
            text.append("\nAbout: ")
                    .append(notice.entities().stream()
                            .limit(MOST_ENTITIES)
                            .map(entity -> entity.kind().word() + " " + cut(entity.value(), 100))
                            .collect(Collectors.joining(", ")));
        }
        text.append("\nRule: ").append(notice.ruleId());
        if (notice.link() != null) {
            text.append('\n').append(notice.link());
        }
        return held(text, held).append('\n').toString();
    }

    private static StringBuilder held(StringBuilder text, long held) {
        if (held > 0) {
            text.append("\n\n").append(held).append(held == 1 ? " other was" : " others were");
            text.append(" held back before this one, because this channel's limit an hour was reached.");
        }
        return text;
    }

    /** Slack's text: nothing in it addresses anybody, links or formats by itself. */
    static String slack(Notice notice, long held) {
        return DecisionJson.build(to -> {
            to.writeStartObject();
            to.writeStringProperty("text", "*" + plain(subject(notice)) + "*\n" + plain(text(notice, held)));
            to.writeEndObject();
        });
    }

    /** As Slack's "formatting text" has it; and no "@here" where others read that in plain text. */
    private static String plain(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("@", "@\u2060")
                .replace("`", "\u02cb")
                .replace("*", "\u2217");
    }

    /** PagerDuty's Events API v2; sent twice it is one incident, because of its {@code dedup_key}. */
    static String pagerDuty(Notice notice, long held, String routingKey) {
        return DecisionJson.build(to -> {
            to.writeStartObject();
            to.writeStringProperty("routing_key", routingKey);
            to.writeStringProperty("event_action", "trigger");
            to.writeStringProperty("dedup_key", notice.tenant() + "/" + notice.alert());
            to.writeName("payload");
            to.writeStartObject();
            to.writeStringProperty("summary", cut(subject(notice), 1_024));
            to.writeStringProperty("source", "marsad/" + notice.tenant());
            to.writeStringProperty("severity", pagerDuty(notice.severity()));
            to.writeStringProperty("timestamp", notice.time().toString());
            to.writeName("custom_details");
            to.writeStartObject();
            to.writeStringProperty("text", text(notice, held));
            to.writeEndObject();
            to.writeEndObject();
            if (notice.link() != null) {
                to.writeArrayPropertyStart("links");
                to.writeStartObject();
                to.writeStringProperty("href", notice.link().toString());
                to.writeStringProperty("text", "The alert");
                to.writeEndObject();
                to.writeEndArray();
            }
            to.writeEndObject();
        });
    }

    private static String pagerDuty(Severity severity) {
        return switch (severity) {
            case INFORMATIONAL, LOW -> "info";
            case MEDIUM -> "warning";
            case HIGH -> "error";
            case CRITICAL -> "critical";
        };
    }

    /** For programs: everything in its own property. */
    static String webhook(Notice notice, long held, String id) {
        var ruleId = notice.ruleId();
        if (ruleId == null) {
            return said(notice, held, id);
        }
        return DecisionJson.build(to -> {
            to.writeStartObject();
            to.writeStringProperty("type", "alert.escalated");
            to.writeStringProperty("id", id);
            to.writeStringProperty("tenant", notice.tenant().value());
            to.writeName("alert");
            to.writeStartObject();
            to.writeStringProperty("id", notice.alert().toString());
            to.writeStringProperty("title", notice.title());
            to.writeStringProperty("severity", notice.severity().word());
            to.writeStringProperty("rule_id", ruleId);
            to.writeStringProperty("time", notice.time().toString());
            to.writeStringProperty("summary", notice.summary());
            to.writeArrayPropertyStart("entities");
            for (Entity entity : notice.entities()) {
                to.writeStartObject();
                to.writeStringProperty("type", entity.kind().word());
                to.writeStringProperty("value", entity.value());
                to.writeEndObject();
            }
            to.writeEndArray();
            if (notice.link() != null) {
                to.writeStringProperty("url", notice.link().toString());
            }
            to.writeEndObject();
            var decision = notice.decision();
            if (decision != null) {
                to.writeName("decision");
                to.writeStartObject();
                to.writeStringProperty("decision", decision.decision());
                to.writeNumberProperty("confidence", decision.confidence());
                to.writeStringProperty("reason", decision.reason());
                to.writeEndObject();
            }
            to.writeNumberProperty("held", held);
            to.writeEndObject();
        });
    }

    private static String said(Notice notice, long held, String id) {
        return DecisionJson.build(to -> {
            to.writeStartObject();
            to.writeStringProperty("type", "message");
            to.writeStringProperty("id", id);
            to.writeStringProperty("tenant", notice.tenant().value());
            to.writeName("message");
            to.writeStartObject();
            to.writeStringProperty("title", notice.title());
            to.writeStringProperty("severity", notice.severity().word());
            to.writeStringProperty("time", notice.time().toString());
            to.writeStringProperty("text", notice.summary());
            to.writeEndObject();
            to.writeNumberProperty("held", held);
            to.writeEndObject();
        });
    }

    private static String percent(BigDecimal fraction) {
        return fraction.movePointRight(2).setScale(0, RoundingMode.HALF_UP) + " %";
    }

    private static String cut(String text, int most) {
        int end = text.offsetByCodePoints(0, Math.min(most, text.codePointCount(0, text.length())));
        return end == text.length() ? text : text.substring(0, end) + "…";
    }
}
