package io.marsad.store.query.lists;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.match.Network;
import io.marsad.store.query.run.Lookups.LookupList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A table with a key: texts, compared without case, or networks, of which the smallest that has an address counts.
 * Immutable, thread-safe.
 */
public final class ListTable implements LookupList {
    /** The most entries of a list. */
    public static final int MOST_ENTRIES = 500_000;

    private static final int MOST_COLUMNS = 64;
    private static final int MOST_FAULTS = 20;
    private static final Pattern COLUMN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
    private static final Pattern NETWORK = Pattern.compile("[0-9A-Fa-f:.]+/[0-9]{1,3}");

    private final List<String> columns;
    private final Map<String, List<@Nullable String>> entries;
    private final Map<Network, List<@Nullable String>> networks;
    private final List<Integer> sizes; // of the networks, the smallest network first

    private ListTable(
            List<String> columns,
            Map<String, List<@Nullable String>> entries,
            Map<Network, List<@Nullable String>> networks) {
        this.columns = List.copyOf(columns);
        this.entries = entries;
        this.networks = networks;
        var bits = new TreeSet<Integer>();
        networks.keySet().forEach(network -> bits.add(network.bits()));
        sizes = List.copyOf(bits.descendingSet());
    }

    /** Values without anything said of them: the one column {@code listed} is {@code true} for each. */
    public static ListTable ofValues(List<String> values) {
        var entries = new HashMap<String, List<@Nullable String>>();
        values.forEach(value -> entries.put(value.toLowerCase(Locale.ROOT), List.of("true")));
        return new ListTable(List.of("listed"), entries, Map.of());
    }

    /**
     * Reads a table: the first line has the columns' names; the key is the column called {@code key}, or else the first.
     * An empty cell says nothing. A key with a slash that reads as a network is one.
     *
     * @throws ContentException with every fault, at most 20
     */
    public static ListTable parse(String file, String text) throws ContentException {
        var csv = new Csv(file, text);
        var header = csv.next();
        if (header == null) {
            throw new ContentException(file, 1, "the first line has the columns' names");
        }
        requireSound(file, header);
        int key = 0;
        for (int i = 0; i < header.size(); i++) {
            key = header.get(i).equalsIgnoreCase("key") ? i : key;
        }
        var columns = new ArrayList<>(header);
        columns.remove(key);
        var entries = new HashMap<String, List<@Nullable String>>();
        var networks = new HashMap<Network, List<@Nullable String>>();
        var faults = new ArrayList<ContentProblem>();
        for (var cells = csv.next(); cells != null && faults.size() < MOST_FAULTS; cells = csv.next()) {
            var fault = entries.size() + networks.size() == MOST_ENTRIES
                    ? "a list has at most " + MOST_ENTRIES + " entries"
                    : cells.size() != header.size()
                            ? "has " + cells.size() + " values where there are " + header.size() + " columns"
                            : put(cells, key, entries, networks);
            if (fault != null) {
                faults.add(new ContentProblem(file, csv.line(), fault));
            }
            if (entries.size() + networks.size() == MOST_ENTRIES && fault != null) {
                break;
            }
        }
        if (!faults.isEmpty()) {
            throw new ContentException(faults);
        }
        return new ListTable(columns, entries, networks);
    }

    private static void requireSound(String file, List<String> header) throws ContentException {
        if (header.size() < 2 || header.size() > MOST_COLUMNS) {
            throw new ContentException(file, 1, "a list has a key and 1 to " + (MOST_COLUMNS - 1) + " more columns");
        }
        var seen = new HashSet<String>();
        for (var name : header) {
            if (!COLUMN.matcher(name).matches()) {
                throw new ContentException(
                        file, 1, "'" + name + "' is not a column's name: 1 to 64 letters, digits and _");
            }
            if (!seen.add(name.toLowerCase(Locale.ROOT))) {
                throw new ContentException(file, 1, "the column '" + name + "' is there twice");
            }
        }
    }

    /** Returns what is wrong, or null. */
    private static @Nullable String put(
            List<String> cells,
            int key,
            Map<String, List<@Nullable String>> entries,
            Map<Network, List<@Nullable String>> networks) {
        var text = cells.get(key);
        if (text.isEmpty()) {
            return "has no key";
        }
        var values = new ArrayList<@Nullable String>(cells.size() - 1);
        for (int i = 0; i < cells.size(); i++) {
            if (i != key) {
                values.add(cells.get(i).isEmpty() ? null : cells.get(i).intern());
            }
        }
        boolean again;
        if (NETWORK.matcher(text).matches()) {
            try {
                again = networks.put(Network.parse(text), values) != null;
            } catch (IllegalArgumentException e) {
                return e.getMessage();
            }
        } else {
            again = entries.put(text.toLowerCase(Locale.ROOT), values) != null;
        }
        return again ? "the key '" + text + "' is there twice" : null;
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public @Nullable List<@Nullable String> find(String key) {
        var exact = entries.get(key.toLowerCase(Locale.ROOT));
        if (exact != null || networks.isEmpty() || key.length() > 45) {
            return exact;
        }
        Network address;
        try {
            address = Network.parse(key);
        } catch (IllegalArgumentException e) {
            return null; // no address is in no network
        }
        for (int bits : sizes) {
            var found = bits <= address.bits() ? networks.get(address.within(bits)) : null;
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
