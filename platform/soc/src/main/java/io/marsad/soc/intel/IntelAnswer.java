package io.marsad.soc.intel;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one source says of one indicator.
 *
 * @param signals what counts; empty when the source knows nothing
 * @param notes what it says beside that, for people
 * @param faults what of the answer could not be read; the rest counts
 * @param raw the answer itself, in JSON; null when there is none, or it is too large to be kept
 * @param failure why the source has not answered; null when it has
 */
public record IntelAnswer(
        String source,
        State state,
        List<Signal> signals,
        List<String> notes,
        List<String> faults,
        @Nullable String raw,
        @Nullable String failure) {
    /** Whether it knows the indicator. */
    public enum State {
        FOUND,
        /** The source does not know it. That says nothing, least of all that it is clean. */
        NOT_FOUND,
        FAILED;

        /** As the API writes it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public IntelAnswer {
        signals = signals.stream().sorted(Signal.ORDER).toList();
        notes = List.copyOf(notes);
        faults = List.copyOf(faults);
        if (state != State.FOUND && !signals.isEmpty() || (state == State.FAILED) != (failure != null)) {
            throw new IllegalArgumentException("signals of what was found, a failure of what failed");
        }
        for (Signal signal : signals) {
            if (!signal.source().equals(source)) {
                throw new IllegalArgumentException("a signal of " + signal.source() + " in an answer of " + source);
            }
        }
    }

    /** Whether it is a local feed's, which does not have the indicator. */
    boolean isUnlisted() {
        return state == State.NOT_FOUND && source.startsWith(LocalFeed.PREFIX);
    }

    public static IntelAnswer notFound(String source, @Nullable String raw) {
        return new IntelAnswer(source, State.NOT_FOUND, List.of(), List.of(), List.of(), raw, null);
    }

    public static IntelAnswer failed(String source, String failure, @Nullable String raw) {
        return new IntelAnswer(source, State.FAILED, List.of(), List.of(), List.of(), raw, failure);
    }
}
