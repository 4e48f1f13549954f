package io.marsad.soc.alert;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells in words what happened and why the rule fired; the same for the same evidence, in whatever order it is given. */
final class Narrative {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    /** Changes with anything that changes what is told of the same evidence. */
    static final int VERSION = 2;

    private static final Comparator<Evidence> BY_TIME = Comparator.comparing(Evidence::time)
            .thenComparing(one -> one.event().toString())
            .thenComparing(one -> one.facts().toString())
            .thenComparing(one -> one.matches().toString());
    private static final Comparator<Match> BY_FIELD = Comparator.comparing(Match::field)
            .thenComparing(Match::value)
            .thenComparing(Match::selection)
            .thenComparing(Match::pattern);
    private static final int MAX_REASONS = 3;
    private static final int MAX_VALUE = 160;

    private Narrative() {}

    static String of(RuleSnapshot rule, List<Evidence> evidence, int eventCount) {
        if (evidence.isEmpty()) {
            return "Another product raised “" + rule.title() + "”; what it saw is with the decision.";
        }
        var first = Collections.min(evidence, BY_TIME);
        var last = Collections.max(evidence, BY_TIME);
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
        reasons(text, first.matches().stream().sorted(BY_FIELD).toList());
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
        var actor = facts.get("actor");
        if (actor != null && !actor.equals(process) && (process == null || !facts.containsKey("parent"))) {
            text.append(actor);
            append(text, " run by ", user);
            append(text, ", acting on process ", process);
        } else if (process != null) {
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
        // What the rule looks for in one and the same value is told together.
        var patterns = new LinkedHashMap<String, List<String>>();
        for (Match match : matches) {
            var field = match.field().equals("*") ? "the event has `" : match.field() + " is `";
            patterns.computeIfAbsent(field + Text.clean(match.value(), MAX_VALUE) + '`', v -> new ArrayList<>())
                    .add(match.pattern());
        }
        var reasons = new ArrayList<String>();
        for (var one : patterns.entrySet()) {
            if (reasons.size() < MAX_REASONS) {
                reasons.add(one.getKey() + looksFor(one.getValue()));
            }
        }
        if (!reasons.isEmpty()) {
            text.append(" because ").append(String.join(" and ", reasons));
        }
        if (patterns.size() > MAX_REASONS) {
            text.append(" and ").append(patterns.size() - MAX_REASONS).append(" more");
        }
    }

    private static String looksFor(List<String> patterns) {
        var wanted = patterns.stream()
                .filter(pattern -> !pattern.isEmpty())
                .distinct()
                .map(pattern -> '`' + pattern + '`')
                .toList();
        if (wanted.isEmpty()) {
            return "";
        }
        var more = wanted.size() > MAX_REASONS ? " and " + (wanted.size() - MAX_REASONS) + " more" : "";
        return " (the rule looks for " + String.join(", ", wanted.subList(0, Math.min(MAX_REASONS, wanted.size())))
                + more + ")";
    }

    private static void append(StringBuilder text, String word, @Nullable String value) {
        if (value != null) {
            text.append(word).append(Text.clean(value, MAX_VALUE));
        }
    }
}
