package io.marsad.soc.intel;

import io.marsad.soc.intel.IntelAnswer.State;
import io.marsad.soc.intel.Signal.Scale;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.StringNode;

/**
 * A list of indicators in memory, from a file: what a site without a way out is asked instead of services. Immutable.
 *
 * <p>{@code listed}, weight 0.8: the entry's confidence divided by 100; of several entries that hold the worst. What is not
 * listed is not known: that says nothing.
 */
public final class LocalFeed implements IntelSource {
    /** How many indicators one feed has at most. */
    public static final int MOST = 200_000;

    /** Sources of this name are feeds, and nothing else is. */
    static final String PREFIX = "feed:";

    private static final String WEIGHT = "0.8";
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private final String name;
    private final Map<String, List<FeedEntry>> entries;
    private final List<String> faults;
    private final boolean networks;

    /**
     * A feed of these entries.
     *
     * @param name its source is {@code feed:NAME}
     * @param faults what of its file could not be read, with the line
     */
    public LocalFeed(String name, List<FeedEntry> entries, List<String> faults) {
        this.name = PREFIX + name;
        var byKey = new HashMap<String, List<FeedEntry>>();
        for (FeedEntry entry : entries) {
            byKey.merge(entry.indicator().key(), List.of(entry), LocalFeed::joined);
        }
        this.entries = Collections.unmodifiableMap(byKey);
        this.faults = List.copyOf(faults);
        networks = entries.stream().anyMatch(entry -> entry.indicator().kind() == Indicator.Kind.NETWORK);
    }

    private static List<FeedEntry> joined(List<FeedEntry> some, List<FeedEntry> more) {
        var all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    @Override
    public String name() {
        return name;
    }

    /** How many different indicators it has. */
    public int size() {
        return entries.size();
    }

    /** All entries, in no particular order. */
    public List<FeedEntry> entries() {
        return entries.values().stream().flatMap(List::stream).toList();
    }

    /** What of its file could not be read. */
    public List<String> faults() {
        return faults;
    }

    /** Entries of the value itself, and of networks that it is in. */
    private List<FeedEntry> about(Indicator indicator) {
        var about = new ArrayList<>(entries.getOrDefault(indicator.key(), List.of()));
        if (networks && indicator.kind() == Indicator.Kind.IP) {
            for (String network : Networks.around(indicator.value())) {
                about.addAll(entries.getOrDefault(Indicator.Kind.NETWORK.word() + ':' + network, List.of()));
            }
        }
        return about;
    }

    @Override
    public boolean knows(Indicator indicator) {
        return indicator.kind() != Indicator.Kind.UNKNOWN;
    }

    @Override
    public IntelAnswer lookup(Indicator indicator, Instant at) {
        FeedEntry worst = null;
        boolean expired = false;
        for (FeedEntry entry : about(indicator)) {
            boolean holds = entry.holds(at);
            expired |= !holds;
            if (holds && (worst == null || entry.confidence().compareTo(worst.confidence()) > 0)) {
                worst = entry;
            }
        }
        if (worst == null) {
            return expired
                    ? new IntelAnswer(
                            name,
                            State.NOT_FOUND,
                            List.of(),
                            List.of("its entry does not hold then"),
                            List.of(),
                            null,
                            null)
                    : IntelAnswer.notFound(name, null);
        }
        var raw = StringNode.valueOf(worst.raw()).toString();
        var listed = new Signal(
                name,
                "listed",
                worst.confidence().stripTrailingZeros().toPlainString(),
                Scale.SCORE_100,
                worst.confidence().divide(HUNDRED),
                new BigDecimal(WEIGHT),
                raw);
        var notes = worst.description().isBlank() ? List.<String>of() : List.of(worst.description());
        return new IntelAnswer(name, State.FOUND, List.of(listed), notes, List.of(), raw, null);
    }
}
