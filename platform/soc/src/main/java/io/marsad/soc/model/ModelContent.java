package io.marsad.soc.model;

import org.jspecify.annotations.Nullable;

/**
 * What a tenant says of its model.
 *
 * @param url where it is: the address before {@code /chat/completions}, {@code /messages} or {@code /api/chat}
 * @param seconds until an answer has to be there
 * @param callsPerDay by UTC
 * @param tokensPerDay of questions and answers together, by UTC
 * @param key null: as it was; empty: none
 */
public record ModelContent(
        boolean enabled,
        ModelProvider provider,
        String url,
        String model,
        int seconds,
        int callsPerDay,
        long tokensPerDay,
        @Nullable String key) {
    /** Without the key. */
    @Override
    public String toString() {
        return provider.word() + " " + model + " at " + url;
    }
}
