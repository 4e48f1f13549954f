package io.marsad.soc.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Which model is asked where, with what, and for how long. */
record ModelTarget(
        ModelProvider provider,
        String url,
        String model,
        @Nullable String key,
        Duration patience) {
    static ModelTarget of(ModelContent content, @Nullable String key) {
        return new ModelTarget(
                content.provider(), content.url(), content.model(), key, Duration.ofSeconds(content.seconds()));
    }

    /** As decisions name it. */
    String name() {
        return provider.word() + "/" + model;
    }

    /** Without the key. */
    @Override
    public String toString() {
        return name() + " at " + url;
    }
}
