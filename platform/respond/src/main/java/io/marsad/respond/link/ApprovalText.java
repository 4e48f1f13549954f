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
    private static final int LONGEST_SUBJECT = 200;
    private static final int LONGEST_BRIEF = 2_800;
    private static final int LONGEST_VALUE = 500;

    private ApprovalText() {}

    /** A time for people. */
    public static String time(Instant time) {
        return TIME.format(time);
    }

    /** What cannot be seen, or changes how the rest is seen, is written by its number. */
    public static String visible(String text) {
        return UNSEEN.matcher(text)
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

    /** Whether {@link #brief} has every parameter whole: nobody is to agree to what they do not see. */
    public static boolean fits(ActionView action) {
        int all = 0;
        for (var one : action.parameters().properties()) {
            int length = value(one.getValue()).length();
            all += one.getKey().length() + length;
            if (length > LONGEST_VALUE) {
                return false;
            }
        }
        return all <= LONGEST_BRIEF / 2;
    }

    /** In a few lines, for a chat. */
    public static String brief(ActionView action) {
        var text = new StringBuilder();
        line(text, "To approve: " + action.title() + ": " + action.target());
        for (var one : action.parameters().properties()) {
            text.append("  ").append(visible(one.getKey())).append(": ");
            text.append(shortened(value(one.getValue()))).append('\n');
        }
        line(text, "Asked for by " + action.requestedBy() + ". A mistake reaches: " + action.radius());
        line(text, "Why you are asked: " + String.join("; ", action.reasons()));
        if (action.aboutTitle() != null) {
            line(text, "About: " + action.aboutTitle());
        }
        if (action.times().expires() != null) {
            line(text, "Until: " + time(action.times().expires()));
        }
        line(text, "Hash of the parameters: " + action.hash());
        var all = text.toString().strip();
        return all.length() > LONGEST_BRIEF ? all.substring(0, LONGEST_BRIEF) + "…" : all;
    }

    private static String shortened(String text) {
        return text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "… (shortened)" : text;
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
