package io.marsad.soc.decision;

import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * What a stranger wrote as a language model is shown it: in one line, nothing hidden, no secrets, no marks of chats, no
 * address that can be followed, and not too long. What it was stays with the alert.
 */
final class ShownText {
    /** Stands where something was left out. */
    static final String CUT = "…[cut]";

    private static final String REDACTED = "[redacted]";

    /** Each looks at a bounded stretch only, so that the time is linear in the text. */
    private static final Pattern NAMED_SECRET = Pattern.compile(
            "((?:password|passwd|pwd|passphrase|secret|token|credential|api[_-]?key|access[_-]?key|private[_-]?key"
                    + "|authorization|cookie)[\"']?\\s{0,3}[=:]\\s{0,3}[\"']?(?:(?:bearer|basic) )?)"
                    + "(?!\\[redacted])[^\\s\"'&,;]{1,512}",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern SECRET = Pattern.compile("-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----.{0,8000}"
            + "|\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b"
            + "|\\beyJ[A-Za-z0-9_-]{8,2000}\\.[A-Za-z0-9_-]{8,4000}\\.[A-Za-z0-9_-]{0,2000}"
            + "|\\b(?:sk|pk|ghp|gho|glpat|xox[abp])[-_][A-Za-z0-9_-]{16,200}"
            + "|(?<=://)[^\\s/@:]{1,100}:[^\\s/@]{1,200}(?=@)");

    private static final Pattern MARK = Pattern.compile(
            "(<)(?=\\||/?s>|</?sys>>|/?data)|(\\[)(?=/?inst])|(\\|)(?=>)|(`)(?=``)", Pattern.CASE_INSENSITIVE);
    private static final Pattern SPEAKER =
            Pattern.compile("\\b(human|assistant|system|user):", Pattern.CASE_INSENSITIVE);
    private static final Pattern LINK = Pattern.compile("\\b(h)tt(ps?)://", Pattern.CASE_INSENSITIVE);
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private ShownText() {}

    /** @param most characters, without {@link #CUT} */
    static String of(String text, int most) {
        boolean cut = text.length() > 4 * most;
        var read = Normalizer.normalize(cut ? text.substring(0, 4 * most) : text, Normalizer.Form.NFKC);
        var visible = new StringBuilder(read.length());
        read.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED -> {}
                case Character.CONTROL -> visible.append(' ');
                default -> visible.appendCodePoint(c);
            }
        });
        var line = SPACE.matcher(visible).replaceAll(" ").strip();
        var safe = SECRET.matcher(line).replaceAll(REDACTED);
        safe = NAMED_SECRET.matcher(safe).replaceAll("$1" + REDACTED);
        safe = MARK.matcher(safe).replaceAll("$1$2$3$4 ");
        safe = SPEAKER.matcher(safe).replaceAll("$1 :");
        safe = LINK.matcher(safe).replaceAll("$1xx$2://");
        if (safe.length() <= most) {
            return cut ? safe + CUT : safe;
        }
        int end = Character.isHighSurrogate(safe.charAt(most - 1)) ? most - 1 : most;
        return safe.substring(0, end) + CUT;
    }
}
