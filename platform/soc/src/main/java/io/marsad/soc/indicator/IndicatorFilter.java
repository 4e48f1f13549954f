package io.marsad.soc.indicator;

import org.jspecify.annotations.Nullable;

/**
 * Which indicators are shown.
 *
 * @param type null for all
 * @param state as {@link Listed#state} has them, or {@code seen}; null for all
 * @param words in value, source, description or a tag; null for all
 */
public record IndicatorFilter(
        @Nullable String type,
        @Nullable String state,
        @Nullable String words) {}
