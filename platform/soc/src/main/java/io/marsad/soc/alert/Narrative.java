package io.marsad.soc.alert;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells in words what happened and why the rule fired; the same for the same evidence. */
final class Narrative {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int MAX_REASONS = 3;
    private static final int MAX_VALUE = 160;

    private Narrative() {}

    static String of(RuleSnapshot rule, List<Evidence> evidence, int eventCount) {
        var first = evidence.getFirst();
        var last = evidence.getLast();
        var text = new StringBuilder();
        if (eventCount == 1) {
            text.append("At ").append(TIME.format(first.time()));
        } else {
            text.append("Between ").append(TIME.format(first.time()));
            text.append(" and ").append(TIME.format(last.time()));
            text.append(", in ").append(eventCount).append(" events");
        }
        var facts = first.facts();
        place(text, facts);
        text.append(", ")
                .append(subject(facts))
                .append(" matched “")
                .append(rule.title())
                .append('”');
        reasons(text, first.matches());
        text.append('.');
        return text.toString();
    }

    private static void place(StringBuilder text, Map<String, String> facts) {
        append(text, " on ", facts.get("host"));
        append(text, " in container ", facts.get("container"));
        if (!facts.containsKey("host")) {
            append(text, " in cloud account ", facts.get("account"));
        }
    }

    private static String subject(Map<String, String> facts) {
        var text = new StringBuilder();
        var process = facts.get("process");
        var operation = facts.get("operation");
        var user = facts.get("user");
        if (process != null) {
            text.append(process);
            append(text, ", started by ", facts.get("parent"));
            append(text, text.indexOf(",") < 0 ? " run by " : " and run by ", user);
            var command = facts.get("command");
            if (command != null && !command.equals(process)) {
                text.append(", as `").append(Text.clean(command, MAX_VALUE)).append('`');
            }
        } else if (operation != null) {
            text.append(operation);
            append(text, " of ", facts.get("service"));
            append(text, " called by ", user);
        } else {
            text.append(facts.getOrDefault("activity", "an event"));
            append(text, " by ", user);
            if (user == null || !user.equals(facts.get("target_user"))) {
                append(text, " on account ", facts.get("target_user"));
            }
        }
        append(text, ", file ", facts.get("file"));
        append(text, ", asking for ", facts.get("query"));
        append(text, ", from ", facts.get("source"));
        append(text, ", to ", facts.get("destination"));
        return text.toString();
    }

    private static void reasons(StringBuilder text, List<Match> matches) {
        var reasons = new ArrayList<String>();
        for (Match match : matches.subList(0, Math.min(MAX_REASONS, matches.size()))) {
            var where = match.field().equals("*") ? "the event" : match.field();
            var has = (match.field().equals("*") ? " has `" : " is `") + Text.clean(match.value(), MAX_VALUE) + '`';
            reasons.add(
                    where + has + (match.pattern().isEmpty() ? "" : " (the rule looks for `" + match.pattern() + "`)"));
        }
        if (!reasons.isEmpty()) {
            text.append(" because ").append(String.join(" and ", reasons));
        }
        if (matches.size() > MAX_REASONS) {
            text.append(" and ").append(matches.size() - MAX_REASONS).append(" more");
        }
    }

    private static void append(StringBuilder text, String word, @Nullable String value) {
        if (value != null) {
            text.append(word).append(Text.clean(value, MAX_VALUE));
        }
    }
}
