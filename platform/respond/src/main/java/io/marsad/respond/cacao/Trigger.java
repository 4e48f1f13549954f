package io.marsad.respond.cacao;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What starts a playbook by itself, by the extension {@link TypedAction#EXTENSION} of the playbook.
 *
 * @param when which alerts or cases, in MQL; null: all
 * @param cron of a schedule, in UTC; null for the others
 * @param mostAnHour runs that it starts in an hour; what is more is counted and left
 * @param line of the file, from 1
 */
public record Trigger(
        Kind kind, @Nullable String when, @Nullable String cron, int mostAnHour, int line) {
    static final int MOST_AN_HOUR = 10_000;
    static final int USUALLY_AN_HOUR = 60;

    /** What is waited for. */
    public enum Kind {
        ALERT("alert"),
        CASE("case"),
        SCHEDULE("schedule"),
        WEBHOOK("webhook"),
        MANUAL("manual");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        static Optional<Kind> of(String word) {
            for (var kind : values()) {
                if (kind.word.equals(word)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }

        static String[] words() {
            return java.util.Arrays.stream(values()).map(Kind::word).toArray(String[]::new);
        }
    }
}
