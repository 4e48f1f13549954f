package io.marsad.server.cli;

import java.time.Duration;
import java.util.regex.Pattern;

/** A length of time as commands take it: {@code 45m}, {@code 24h}, {@code 7d}, {@code 4w}. */
final class Length {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,5})([mhdw])");

    private Length() {}

    static Duration parse(String text) {
        var parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new CommandFailure("'" + text + "' is not a length: 45m, 24h, 7d, 4w");
        }
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "w" -> Duration.ofDays(7 * number);
            default -> Duration.ofDays(number);
        };
    }
}
