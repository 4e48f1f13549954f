package io.marsad.soc.inbox;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whom a comment names: {@code @ann}. */
public final class Mentions {
    private static final int MOST = 20;

    /** Bounded, and after nothing that would make it an e-mail address. */
    private static final Pattern NAME =
            Pattern.compile("(?<![\\p{L}\\p{N}._@+-])@([\\p{L}\\p{N}][\\p{L}\\p{N}._@+-]{0,127})");

    private Mentions() {}

    /** Names as they are written, without a full stop at their end; at most 20. */
    public static Set<String> of(@Nullable String comment) {
        var names = new LinkedHashSet<String>();
        if (comment != null) {
            var found = NAME.matcher(comment);
            while (names.size() < MOST && found.find()) {
                int end = found.end(1);
                while (".-@+".indexOf(comment.charAt(end - 1)) >= 0) {
                    end--;
                }
                names.add(comment.substring(found.start(1), end));
            }
        }
        return names;
    }
}
