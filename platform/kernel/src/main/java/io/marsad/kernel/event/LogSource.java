package io.marsad.kernel.event;

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
    private final int id;

    private LogSource(Key key, int id) {
        this.key = key;
        this.id = id;
    }

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
        return (wanted.key.product == null || wanted.key.product.equals(key.product))
                && (wanted.key.category == null || wanted.key.category.equals(key.category))
                && (wanted.key.service == null || wanted.key.service.equals(key.service));
    }

    public @Nullable String product() {
        return key.product;
    }

    public @Nullable String category() {
        return key.category;
    }

    public @Nullable String service() {
        return key.service;
    }

    public int id() {
        return id;
    }

    /** The parts that are there, joined by a slash: {@code windows/process_creation/sysmon}. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        for (String part : new @Nullable String[] {key.product, key.category, key.service}) {
            if (part != null) {
                text.append(text.isEmpty() ? "" : "/").append(part);
            }
        }
        return text.toString();
    }
}
