package io.marsad.soc.decision;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds text in an alert that speaks to a language model rather than to a person. That is no defence (there are more ways
 * to say it than patterns), it is a finding: such an alert goes to a person.
 */
public final class InjectionSigns {
    private static final int LONGEST = 262_144;

    /** All of them look at a bounded stretch only, so that the time is linear in the text. */
    private static final Map<String, Sign> SIGNS = Map.of(
            "instructions",
            new Sign(
                    "\\b(?:ignore|disregard|forget|override|bypass)\\b.{0,40}?\\b(?:previous|prior|above|all|any|earlier"
                            + "|your|system)\\b.{0,40}?\\b(?:instruction|prompt|rule|message|context|guideline|polic)",
                    "ignore",
                    "disregard",
                    "forget",
                    "override",
                    "bypass"),
            "role",
            new Sign(
                    "\\byou are (?:now |no longer )?(?:an?|the|in) .{0,40}?\\b(?:assistant|ai|model|mode|analyst)\\b"
                            + "|\\b(?:system|developer) (?:prompt|message)\\b|\\bas an ai\\b",
                    "you are ",
                    "system ",
                    "developer ",
                    "as an ai"),
            "verdict",
            new Sign(
                    "\\b(?:mark|classify|treat|close|report|label|consider|answer|respond|reply|output)\\b.{0,40}?"
                            + "\\b(?:benign|false.positive|auto.?close|not malicious|harmless)\\b",
                    "benign",
                    "positive",
                    "close",
                    "not malicious",
                    "harmless"),
            "chat_delimiter",
            new Sign(
                    "<\\|[a-z_]{1,20}\\|>|\\[/?inst\\]|</?(?:system|assistant|instructions?|tool_call)>"
                            + "|<</?sys>>|^ ?#{2,4} ?(?:instruction|system|response)|(?:^|\\n) ?(?:human|assistant):",
                    "<|",
                    "inst]",
                    "system>",
                    "assistant>",
                    "instruction",
                    "tool_call>",
                    "sys>>",
                    "##",
                    "human:",
                    "assistant:"),
            "tool_call",
            new Sign("\"(?:tool_calls?|function_call|tool_use)\"", "\"tool_", "\"function_call"));

    /** @param needs of these each text that the pattern is found in has one: most have none, and are told by that */
    private record Sign(Pattern pattern, List<String> needs) {
        Sign(String pattern, String... needs) {
            this(Pattern.compile(pattern), List.of(needs));
        }

        boolean isIn(String text) {
            return needs.stream().anyMatch(text::contains)
                    && pattern.matcher(text).find();
        }
    }

    private InjectionSigns() {}

    /** The names of the signs, sorted; empty when there are none. Of very long texts the beginning and the end are read. */
    public static List<String> in(String... texts) {
        var all = String.join("\n", texts);
        var read = all.length() > LONGEST
                ? all.substring(0, LONGEST / 2) + all.substring(all.length() - LONGEST / 2)
                : all;
        var found = new ArrayList<String>();
        if (read.codePoints().anyMatch(InjectionSigns::hides)) {
            found.add("hidden_text");
        }
        var plain = plain(read).toLowerCase(Locale.ROOT).replaceAll("[ \\t\\u00A0]+", " ");
        SIGNS.forEach((name, sign) -> {
            if (sign.isIn(plain)) {
                found.add(name);
            }
        });
        found.sort(null);
        return List.copyOf(found);
    }

    private static String plain(String text) {
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text; // nothing to leave out or to write otherwise
        }
        var visible = new StringBuilder(text.length());
        text.codePoints().filter(c -> Character.getType(c) != Character.FORMAT).forEach(visible::appendCodePoint);
        return Normalizer.normalize(visible, Normalizer.Form.NFKC);
    }

    /** Characters that nobody sees and that no name or sentence needs; those that join Arabic and Indic letters do. */
    private static boolean hides(int c) {
        return c == 0x200B
                || c >= 0x2060 && c <= 0x2064
                || c >= 0x202A && c <= 0x202E
                || c >= 0x2066 && c <= 0x2069
                || c >= 0xE0000 && c <= 0xE007F;
    }
}
