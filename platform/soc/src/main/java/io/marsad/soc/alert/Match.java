package io.marsad.soc.alert;

/**
 * One reason why a rule fired on an event.
 *
 * @param field the event's field (OCSF path), or {@code *} for anywhere in it
 * @param value what the event has there, at most 2,000 characters
 * @param selection the part of the rule that asked; may be empty
 * @param pattern what the rule looks for, as it writes it; may be empty
 */
public record Match(String field, String value, String selection, String pattern) {
    private static final int MAX_VALUE = 2_000;

    public Match {
        field = Text.clean(field, 512);
        value = Text.clean(value, MAX_VALUE);
        selection = Text.clean(selection, 256);
        pattern = Text.clean(pattern, MAX_VALUE);
    }
}
