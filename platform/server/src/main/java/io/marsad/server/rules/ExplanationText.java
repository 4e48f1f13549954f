package io.marsad.server.rules;

import io.marsad.sigma.RuleTrace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes an {@link Explanation} for people, and as what becomes JSON. */
public final class ExplanationText {
    private static final int MAX_SHOWN = 200;

    private ExplanationText() {}

    /** Several lines, each with its end. */
    public static String text(Explanation explained) {
        var rule = explained.rule();
        var out = new StringBuilder();
        out.append(explained.fires() ? "FIRES  " : "SILENT ").append(rule.title());
        out.append("  (")
                .append(rule.id())
                .append(", ")
                .append(rule.level().text())
                .append(")\n");
        out.append("event       record ").append(explained.record());
        if (explained.events() > 1) {
            out.append(" (the rule fires on ").append(explained.firing()).append(" of ");
            out.append(explained.events()).append(" events of the file)");
        }
        out.append("\nlog source  ")
                .append(explained.sourceFits() ? "yes  " : "no   ")
                .append("rule ");
        out.append(rule.logSource()).append(", event ");
        out.append(explained.source().toString().isEmpty() ? "unknown" : explained.source());
        if (!explained.sourceFits()) {
            out.append("; --any-source looks at the rest all the same");
        }
        out.append("\ncondition\n");
        step(explained.trace().condition(), 1, out);
        out.append("selections\n");
        explained.trace().selections().forEach(selection -> step(selection, 1, out));
        for (String filter : explained.trace().filters()) {
            out.append("taken away by the filter: ").append(filter).append('\n');
        }
        return out.toString();
    }

    private static void step(RuleTrace.Step step, int depth, StringBuilder out) {
        boolean more = step.kind() == RuleTrace.Kind.MORE;
        out.append("  ".repeat(depth)).append(more ? "no   and " : step.holds() ? "yes  " : "no   ");
        out.append(shortened(step.text()));
        if (step.kind() == RuleTrace.Kind.VALUE && !step.seen().isEmpty()) {
            out.append("   <- ").append(seen(step.seen().getFirst()));
        } else if (step.kind() == RuleTrace.Kind.FIELD && !step.holds()) {
            out.append("   event has ");
            if (step.seen().isEmpty()) {
                out.append(step.text().startsWith("(") ? "it nowhere" : "no such field");
            } else {
                var values = step.seen().stream().map(ExplanationText::seen).toList();
                out.append(String.join("; ", values));
            }
        }
        out.append('\n');
        step.parts().forEach(part -> step(part, depth + 1, out));
    }

    private static String seen(RuleTrace.Seen seen) {
        return seen.slot() + " = " + (seen.value() == null ? "null" : shortened(seen.value()));
    }

    /** One line that does no harm to a terminal. */
    private static String shortened(String text) {
        var line = text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
        var safe = new StringBuilder(line.length());
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            switch (c) {
                case '\n' -> safe.append("\\n");
                case '\r' -> safe.append("\\r");
                case '\t' -> safe.append("\\t");
                default -> safe.append(Character.isISOControl(c) ? '\uFFFD' : c);
            }
        }
        return safe.toString();
    }

    /** {@code {"fires","rule","event","source_fits","condition","selections","filters"}}. */
    public static Map<String, Object> json(Explanation explained) {
        var rule = explained.rule();
        var json = new LinkedHashMap<String, Object>();
        json.put("fires", explained.fires());
        var about = new LinkedHashMap<String, Object>();
        about.put("id", rule.id());
        about.put("title", rule.title());
        about.put("level", rule.level().text());
        about.put("file", rule.about().file());
        about.put("log_source", rule.logSource().toString());
        json.put("rule", about);
        var event = new LinkedHashMap<String, Object>();
        event.put("record", explained.record());
        event.put("log_source", explained.source().toString());
        event.put("events", explained.events());
        event.put("firing", explained.firing());
        json.put("event", event);
        json.put("source_fits", explained.sourceFits());
        json.put("condition", step(explained.trace().condition()));
        json.put(
                "selections",
                explained.trace().selections().stream()
                        .map(ExplanationText::step)
                        .toList());
        json.put("filters", explained.trace().filters());
        return json;
    }

    private static Map<String, Object> step(RuleTrace.Step step) {
        var json = new LinkedHashMap<String, Object>();
        json.put("kind", step.kind().name().toLowerCase(java.util.Locale.ROOT));
        json.put("text", step.text());
        json.put("holds", step.holds());
        if (!step.parts().isEmpty()) {
            json.put("parts", step.parts().stream().map(ExplanationText::step).toList());
        }
        if (!step.seen().isEmpty()) {
            List<Map<String, Object>> seen = new ArrayList<>();
            for (RuleTrace.Seen one : step.seen()) {
                var value = new LinkedHashMap<String, Object>();
                value.put("field", one.slot().path());
                value.put("value", one.value());
                seen.add(value);
            }
            json.put("seen", seen);
        }
        return json;
    }
}
