package io.marsad.soc.tuning;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.stage.Stage;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What was done about a rule.
 *
 * @param lane that the rule was in
 * @param does what changed
 * @param lost alerts of the 30 days before that there would not have been
 * @param lostAttacks those of them that people found to be attacks
 * @param undone null as long as it holds, or until somebody changes it elsewhere
 */
public record TuningAct(
        EventId id,
        String ruleId,
        String lane,
        Does does,
        String reason,
        long lost,
        long lostAttacks,
        String madeByName,
        Instant madeAt,
        @Nullable Undone undone) {

    /** What there is to choose from. */
    public enum Kind {
        DISABLE,
        SHADOW,
        SUPPRESS;

        /** As the API writes it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @param word one of {@link #word} */
        public static Kind ofWord(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /** What an act changed. */
    public sealed interface Does {
        Kind kind();
    }

    /**
     * The rule went to another stage.
     *
     * @param version of the rule's stage that this made
     */
    public record Staged(Kind kind, Stage before, int version) implements Does {}

    /** Alerts of the rule that name the entity are hidden for a while. */
    public record Suppressed(String entity, EventId suppression) implements Does {
        @Override
        public Kind kind() {
            return Kind.SUPPRESS;
        }
    }

    public record Undone(String byName, Instant at) {}
}
