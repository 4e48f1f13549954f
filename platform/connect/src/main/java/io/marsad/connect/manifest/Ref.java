package io.marsad.connect.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value that a template has a place for.
 *
 * @param step whose output it is
 */
public record Ref(Source source, @Nullable String step, String name) {
    /** Where it comes from. */
    public enum Source {
        PARAMETERS,
        CONFIG,
        SECRETS,
        STEPS,
        OUTPUTS,
        IDEMPOTENCY_KEY
    }

    /** @return null when it is none of the kinds that there are */
    static @Nullable Ref of(String text) {
        var parts = List.of(text.split("\\.", -1));
        var name = parts.getLast();
        if (parts.stream().anyMatch(String::isEmpty)) {
            return null;
        }
        return switch (parts.getFirst() + "/" + parts.size()) {
            case "parameters/2" -> new Ref(Source.PARAMETERS, null, name);
            case "config/2" -> new Ref(Source.CONFIG, null, name);
            case "secrets/2" -> new Ref(Source.SECRETS, null, name);
            case "outputs/2" -> new Ref(Source.OUTPUTS, null, name);
            case "steps/3" -> new Ref(Source.STEPS, parts.get(1), name);
            case "idempotency_key/1" -> new Ref(Source.IDEMPOTENCY_KEY, null, name);
            default -> null;
        };
    }

    @Override
    public String toString() {
        return switch (source) {
            case PARAMETERS -> "parameters." + name;
            case CONFIG -> "config." + name;
            case SECRETS -> "secrets." + name;
            case OUTPUTS -> "outputs." + name;
            case STEPS -> "steps." + step + "." + name;
            case IDEMPOTENCY_KEY -> name;
        };
    }
}
