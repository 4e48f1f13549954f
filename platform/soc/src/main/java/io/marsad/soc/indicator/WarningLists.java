package io.marsad.soc.indicator;

import io.marsad.match.Network;
import io.marsad.match.indicator.IndicatorMatcher;
import io.marsad.match.indicator.IndicatorSet;
import io.marsad.match.indicator.IndicatorSetBuilder;
import io.marsad.match.indicator.IndicatorType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is not to be looked for although somebody lists it: addresses that mean nothing outside a network, resolvers that
 * everybody asks, names that everything is under. From files {@code NAME.list} with a value a line ({@code #} begins a
 * comment); the first comment says what it is. Thread-safe.
 */
public final class WarningLists implements AutoCloseable {
    private static final long LARGEST = 16L << 20;

    private final IndicatorSet set;
    private final List<String> names;

    /** Where each listed address and network begins, with its list. */
    private final NavigableMap<Place, Integer> begins;

    private WarningLists(IndicatorSet set, List<String> names, NavigableMap<Place, Integer> begins) {
        this.set = set;
        this.names = names;
        this.begins = begins;
    }

    /** An address, ordered by version and number. */
    private record Place(int version, long high, long low) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int order = Integer.compare(version, other.version);
            order = order != 0 ? order : Long.compareUnsigned(high, other.high);
            return order != 0 ? order : Long.compareUnsigned(low, other.low);
        }
    }

    /**
     * Reads all lists of the folders that there are.
     *
     * @throws IOException naming file and line of what is neither an address, a network nor a name
     */
    public static WarningLists read(List<Path> folders) throws IOException {
        var names = new ArrayList<String>();
        try (var builder = new IndicatorSetBuilder(0x77_61_72_6e, 0x6c_69_73_74)) { // no secret: it only warns
            var begins = new TreeMap<Place, Integer>();
            for (Path folder : folders) {
                for (Path file : files(folder)) {
                    add(builder, begins, file, names);
                }
            }
            return new WarningLists(builder.build(), List.copyOf(names), begins);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var inside = Files.list(folder)) {
            return inside.filter(file -> file.toString().endsWith(".list"))
                    .sorted()
                    .toList();
        }
    }

    private static void add(
            IndicatorSetBuilder builder, NavigableMap<Place, Integer> begins, Path file, List<String> names)
            throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IOException(file + ": larger than " + (LARGEST >> 20) + " MiB");
        }
        var lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        int number = names.size();
        var title = lines.stream()
                .filter(line -> line.startsWith("#"))
                .findFirst()
                .map(line -> line.substring(1).strip());
        names.add(title.orElse(file.getFileName().toString()));
        for (int i = 0; i < lines.size(); i++) {
            var value = lines.get(i).strip();
            if (value.isEmpty() || value.startsWith("#")) {
                continue;
            }
            try {
                if (value.indexOf('/') >= 0) {
                    builder.add(Network.parse(value), number);
                    begin(begins, value, number);
                } else if (builder.add(IndicatorType.IP, value, number)) {
                    begin(begins, value, number);
                } else if (!builder.add(IndicatorType.DOMAIN, value.toLowerCase(Locale.ROOT), number)) {
                    throw new IllegalArgumentException("'" + value + "' is no address, network or name");
                }
            } catch (IllegalArgumentException e) {
                throw new IOException(file + ":" + (i + 1) + ": " + e.getMessage(), e);
            }
        }
    }

    private static void begin(NavigableMap<Place, Integer> begins, String address, int number) {
        var network = Network.parse(address);
        begins.putIfAbsent(new Place(network.version(), network.high(), network.low()), number);
    }

    /**
     * What the list is called that the value is on; null when it is on none. Names below a listed name are not on it; a
     * network is when any of its addresses is.
     */
    public @Nullable String on(Listed.Value value) {
        return switch (value.type()) {
            case "ip" -> named(IndicatorType.IP, value.text());
            case "domain" -> named(IndicatorType.DOMAIN, value.text());
            case Listed.Value.NETWORK -> network(value.text());
            default -> null;
        };
    }

    private @Nullable String network(String text) {
        var around = named(IndicatorType.IP, text.substring(0, text.indexOf('/')));
        if (around != null) {
            return around;
        }
        var network = Network.parse(text);
        var next = begins.ceilingEntry(new Place(network.version(), network.high(), network.low()));
        var last = new Place(network.version(), network.lastHigh(), network.lastLow());
        return next == null || next.getKey().compareTo(last) > 0 ? null : names.get(next.getValue());
    }

    private @Nullable String named(IndicatorType type, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        int found = new IndicatorMatcher().exact(set, type, bytes);
        return found == IndicatorSet.NONE ? null : names.get(found);
    }

    @Override
    public void close() {
        set.release();
    }
}
