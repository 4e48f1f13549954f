package io.marsad.soc.alert;

import io.marsad.kernel.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Something done to an alert. What it makes of an alert depends on nothing but the alert, the time and who does it. */
public sealed interface Act {
    /** The longest that an alert may be out of the queue. */
    Duration MOST_SNOOZE = Duration.ofDays(90);

    /** On one alert. */
    int MOST_TAGS = 20;

    /** Letters of a tag. */
    int MAX_TAG = 64;

    /**
     * Into another status.
     *
     * @param verdict needed for resolving, refused otherwise
     * @param assignee who is to have it; null: whoever does this. For in progress only
     * @param until needed for snoozing, refused otherwise
     */
    record Move(
            AlertStatus to,
            @Nullable Verdict verdict,
            @Nullable String assignee,
            @Nullable Instant until) implements Act {}

    /** @param wanted false takes it back */
    record Escalate(boolean wanted) implements Act {}

    /** Closes it with this verdict, from whatever it is: what is closed otherwise is judged anew. */
    record Judge(Verdict verdict) implements Act {}

    /** Tags are kept in lower case. */
    record Tag(Set<String> add, Set<String> remove) implements Act {
        private static final Pattern SOUND = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._:/-]*");

        public Tag {
            add = sound(add);
            remove = sound(remove);
        }

        private static Set<String> sound(Set<String> tags) {
            var sound = new TreeSet<String>();
            for (var tag : tags) {
                sound.add(sound(tag));
            }
            return Set.copyOf(sound);
        }

        /**
         * As it is kept.
         *
         * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-tag}
         */
        public static String sound(String tag) {
            var plain = tag.strip().toLowerCase(Locale.ROOT);
            if (plain.isEmpty()
                    || plain.length() > MAX_TAG
                    || !SOUND.matcher(plain).matches()) {
                throw Problem.badRequest(
                                "invalid-tag",
                                "A tag has 1 to " + MAX_TAG
                                        + " letters, digits, spaces and . _ : / -, and begins with a"
                                        + " letter or digit.")
                        .asException();
            }
            return plain;
        }
    }

    /**
     * What it makes of an alert.
     *
     * @param me what the caller is called
     * @throws io.marsad.kernel.problem.ProblemException 400 for an act that fits no alert, 409 {@code claimed} when somebody
     *     else has it, 422 {@code illegal-transition}, {@code too-many-tags}
     */
    default AlertState on(AlertState before, Instant now, String me) {
        return switch (this) {
            case Move move -> moved(move, before, now, me);
            case Judge(var verdict) ->
                new AlertState(
                        AlertStatus.RESOLVED, verdict, before.assignee(), null, before.escalated(), before.tags());
            case Escalate(boolean wanted) -> {
                if (wanted == before.escalated() || !before.status().open()) {
                    throw illegal("It is " + before.status().word() + (before.escalated() ? " and escalated" : "")
                            + ": only an open alert can be escalated, once, and taken back then.");
                }
                yield before.escalated(wanted);
            }
            case Tag(var add, var remove) -> {
                var after = before.tagged(add, remove);
                if (after.tags().size() > MOST_TAGS) {
                    throw Problem.unprocessable("too-many-tags", "An alert has at most " + MOST_TAGS + " tags.")
                            .asException();
                }
                yield after;
            }
        };
    }

    /** @throws io.marsad.kernel.problem.ProblemException 400 when it fits no alert at all */
    default void requireSound(Instant now) {
        if (!(this instanceof Move move)) {
            return;
        }
        requireIf(
                move.to == AlertStatus.RESOLVED, move.verdict != null, "verdict", "Closing an alert needs a verdict.");
        requireIf(move.to == AlertStatus.SNOOZED, move.until != null, "until", "Snoozing an alert needs a time.");
        if (move.assignee != null && move.to != AlertStatus.IN_PROGRESS) {
            throw Problem.badRequest("assignee-refused", "Somebody is given an alert that is in progress only.")
                    .asException();
        }
        var until = move.until;
        if (until != null && (!until.isAfter(now) || until.isAfter(now.plus(MOST_SNOOZE)))) {
            throw Problem.badRequest(
                            "snooze-time",
                            "An alert is snoozed until a time to come, at most " + MOST_SNOOZE.toDays() + " days.")
                    .asException();
        }
    }

    private static void requireIf(boolean needed, boolean given, String name, String why) {
        if (needed && !given) {
            throw Problem.badRequest(name + "-required", why).asException();
        }
        if (given && !needed) {
            throw Problem.badRequest(
                            name + "-refused",
                            name.equals("verdict")
                                    ? "A verdict comes with closing only."
                                    : "A time comes with snoozing only.")
                    .asException();
        }
    }

    private static AlertState moved(Move move, AlertState before, Instant now, String me) {
        move.requireSound(now);
        boolean mine = me.equals(before.assignee());
        boolean claims = move.to == AlertStatus.IN_PROGRESS && move.assignee == null;
        if (claims && before.status() == AlertStatus.IN_PROGRESS && before.assignee() != null && !mine) {
            throw Problem.conflict("claimed", before.assignee() + " has it. Give yourself as assignee to take it over.")
                    .asException();
        }
        var assignee = switch (move.to) {
            case NEW -> null;
            case IN_PROGRESS -> move.assignee == null ? me : move.assignee;
            case SNOOZED, RESOLVED, DISMISSED -> before.assignee();
        };
        boolean same = move.to == before.status()
                && Objects.equals(assignee, before.assignee())
                && Objects.equals(move.until, before.until());
        if (same || !before.status().next().contains(move.to)) {
            throw illegal("The alert is " + before.status().word()
                    + (before.status() == AlertStatus.IN_PROGRESS ? " of " + before.assignee() : "")
                    + " and cannot become " + move.to.word() + ". It may become: "
                    + before.status().nextWords() + ".");
        }
        return new AlertState(move.to, move.verdict, assignee, move.until, before.escalated(), before.tags());
    }

    private static RuntimeException illegal(String why) {
        return Problem.unprocessable("illegal-transition", why).asException();
    }
}
