package io.marsad.respond.link;

import io.marsad.respond.service.ActionView;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What waits for somebody's consent, in plain words. Values are attackers' words: nothing in them turns text around. */
public final class ApprovalText {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}\\u2028\\u2029]");
    private static final int LONGEST = 2_000;
    private static final int LONGEST_SUBJECT = 200;

    private ApprovalText() {}

    /** A time for people. */
    public static String time(Instant time) {
        return TIME.format(time);
    }

    /** What cannot be seen, or changes how the rest is seen, is written by its number. */
    public static String visible(String text) {
        var some = text.length() > LONGEST ? text.substring(0, LONGEST) + " …" : text;
        return UNSEEN.matcher(some)
                .replaceAll(found ->
                        String.format(Locale.ROOT, "<U+%04X>", found.group().codePointAt(0)));
    }

    /** A parameter's value, as it would be given. */
    public static String value(JsonNode value) {
        return visible(value.isString() ? value.stringValue() : value.toString());
    }

    static String subject(ActionView action) {
        var target = action.target().isEmpty() ? "" : ": " + visible(action.target());
        var text = "To approve: " + action.title() + target + " (" + action.radius() + ")";
        return text.length() > LONGEST_SUBJECT ? text.substring(0, LONGEST_SUBJECT) + "…" : text;
    }

    /** @param link null: browsers do not reach the console */
    static String of(ActionView action, @Nullable String link) {
        var text = new StringBuilder();
        line(text, action.requestedBy() + " asks for this, and it is done only if somebody agrees:");
        text.append('\n');
        line(text, action.title() + ": " + action.target());
        for (var one : action.parameters().properties()) {
            text.append("  ")
                    .append(visible(one.getKey()))
                    .append(": ")
                    .append(value(one.getValue()))
                    .append('\n');
        }
        text.append('\n');
        line(text, "How far a mistake reaches: " + action.radius());
        line(text, "Taken back by: " + (action.reverse() == null ? "nothing" : action.reverse()));
        action.reasons().forEach(reason -> line(text, "Why you are asked: " + reason));
        if (action.aboutTitle() != null) {
            line(text, "About: " + action.aboutTitle());
        }
        if (action.playbookName() != null) {
            line(text, "Playbook: " + action.playbookName());
        }
        if (action.times().expires() != null) {
            line(text, "Until: " + time(action.times().expires()));
        }
        line(text, "Hash of the parameters: " + action.hash());
        text.append('\n');
        if (link == null) {
            line(text, "Open the console, Approvals, to look at it and to say yes or no.");
        } else {
            line(text, "Look at it, and say yes or no:");
            text.append(link).append("\n\n");
            line(
                    text,
                    "The link is yours alone: whoever has it can agree in your name, once. Opening it changes nothing.");
        }
        line(text, "You get this because you asked for it; the inbox in the console has a switch for it.");
        return text.toString();
    }

    private static void line(StringBuilder to, String text) {
        to.append(visible(text)).append('\n');
    }
}
