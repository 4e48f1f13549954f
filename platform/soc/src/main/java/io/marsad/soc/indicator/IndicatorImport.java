package io.marsad.soc.indicator;

import io.marsad.soc.indicator.Indicators.Wanted;
import io.marsad.soc.intel.FeedEntry;
import io.marsad.soc.intel.IntelFiles;
import io.marsad.soc.intel.LocalFeed;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Indicators out of a feed.
 *
 * @param faults lines that are none, each with its number and why
 */
public record IndicatorImport(List<Wanted> wanted, List<String> faults) {
    /** Faults beyond are not told. */
    private static final int MOST_FAULTS = 100;

    public IndicatorImport {
        wanted = List.copyOf(wanted);
        faults = List.copyOf(faults);
    }

    /**
     * What is said of those that say nothing themselves.
     *
     * @param source of all
     * @param confidence of those whose feed gives none: 0 to 100
     * @param validFor from now on, where the feed gives no end; null for ever
     */
    public record Defaults(
            String source,
            Tlp tlp,
            int confidence,
            List<String> tags,
            @Nullable Duration validFor,
            boolean despiteWarning) {}

    public static IndicatorImport read(IntelFiles.Format format, String text, Defaults defaults, Instant now) {
        LocalFeed feed = IntelFiles.feed(defaults.source(), format, text);
        var wanted = new ArrayList<Wanted>(feed.size());
        for (FeedEntry entry : feed.entries()) {
            wanted.add(wanted(entry, defaults, now));
        }
        var faults = feed.faults();
        return new IndicatorImport(wanted, faults.subList(0, Math.min(MOST_FAULTS, faults.size())));
    }

    private static Wanted wanted(FeedEntry entry, Defaults defaults, Instant now) {
        // An entry without a confidence is certain to the feed that lists it; how much that counts is the reader's
        // word.
        boolean silent = entry.confidence().equals(FeedEntry.CERTAIN);
        int confidence = silent
                ? defaults.confidence()
                : entry.confidence().setScale(0, RoundingMode.HALF_UP).intValue();
        var until = entry.until();
        var from = entry.from();
        var end = until != null || defaults.validFor() == null ? until : now.plus(defaults.validFor());
        var about = new Listed.About(
                confidence,
                defaults.tlp(),
                defaults.source(),
                entry.description(),
                defaults.tags(),
                from == null ? now : from,
                end,
                false);
        var indicator = entry.indicator();
        return new Wanted(new Listed.Value(indicator.type(), indicator.value()), about, defaults.despiteWarning());
    }
}
