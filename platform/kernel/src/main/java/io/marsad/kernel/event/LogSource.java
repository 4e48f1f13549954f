package io.marsad.kernel.event;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * What kind of log an event is from, in Sigma's words; rules are routed by it. Interned like {@link Field}: mappings
 * (trusted content) are what makes them, so their number is small.
 */
public final class LogSource {
    private static final ConcurrentMap<Key, LogSource> ALL = new ConcurrentHashMap<>();
    private static volatile LogSource[] byId = new LogSource[64];

    /** Nothing is known of the source: only rules that name no source apply. */
    public static final LogSource NONE = of(null, null, null);

    private record Key(
            @Nullable String product,
            @Nullable String category,
            @Nullable String service) {}

    private final Key key;
    private final List<String> categories;
    private final int id;

    private LogSource(Key key, int id) {
        this.key = key;
        this.id = id;
        categories = key.category == null ? List.of() : List.of(key.category.split(","));
    }

    /**
     * @param category an event may be of several, joined by commas, the one that tells most first: Sysmon 12 is what rules
     *     for {@code registry_add}, {@code registry_delete} and {@code registry_event} look at
     */
    public static LogSource of(@Nullable String product, @Nullable String category, @Nullable String service) {
        var key = new Key(product, category, service);
        var known = ALL.get(key);
        return known != null ? known : intern(key);
    }

    private static synchronized LogSource intern(Key key) {
        var known = ALL.get(key);
        if (known != null) {
            return known;
        }
        var source = new LogSource(key, ALL.size());
        var table = byId;
        if (source.id == table.length) {
            table = java.util.Arrays.copyOf(table, table.length * 2);
        }
        table[source.id] = source;
        byId = table;
        ALL.put(key, source);
        return source;
    }

    public static LogSource byId(int id) {
        return byId[id];
    }

    public static int known() {
        synchronized (LogSource.class) {
            return ALL.size();
        }
    }

    /** True when an event of this source is one that a rule written for the other may look at. */
    public boolean satisfies(LogSource wanted) {
        return satisfies(wanted.key.product, wanted.key.category, wanted.key.service);
    }

    /** The same; null asks for nothing. Whoever searches may ask for sources that there are not: they are not kept. */
    public boolean satisfies(@Nullable String product, @Nullable String category, @Nullable String service) {
        return (product == null || product.equals(key.product))
                && (category == null || categories.contains(category))
                && (service == null || service.equals(key.service));
    }

    public @Nullable String product() {
        return key.product;
    }

    /** As it was given: of an event, perhaps several. */
    public @Nullable String category() {
        return key.category;
    }

    /** Each by itself; empty when none is known. */
    public List<String> categories() {
        return categories;
    }

    public @Nullable String service() {
        return key.service;
    }

    public int id() {
        return id;
    }

    /** The parts that are there, joined by a slash, of categories the first: {@code windows/process_creation/sysmon}. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        var category = categories.isEmpty() ? null : categories.getFirst();
        for (String part : new @Nullable String[] {key.product, category, key.service}) {
            if (part != null) {
                text.append(text.isEmpty() ? "" : "/").append(part);
            }
        }
        return text.toString();
    }
}
