package io.marsad.soc.alert;

import java.util.Locale;

/**
 * Someone or something that an alert is about.
 *
 * @param value as the event has it, at most 512 characters
 * @param field the OCSF path that it was found under
 */
public record Entity(Kind kind, String value, String field) {
    /** What kind of thing. */
    public enum Kind {
        HOST,
        USER,
        IP,
        DOMAIN,
        HASH,
        URL,
        EMAIL,
        PROCESS,
        FILE,
        CONTAINER,
        ACCOUNT;

        /** As the API writes it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException for any other word */
        public static Kind ofWord(String word) {
            return Words.of(values(), Kind::word, word, "kind of entity");
        }
    }

    /** Equal for entities that are the same but for case. */
    public String key() {
        return value.toLowerCase(Locale.ROOT);
    }
}
