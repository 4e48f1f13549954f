package io.marsad.sigma.correlation;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.CaseFolding;
import io.marsad.sigma.SigmaCorrelation;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All groups of one correlation, of all tenants; the one that is longest without an event goes when there are too many. */
final class RuleState {
    /** How many groups one correlation may have. */
    static final int MAX_GROUPS = 100_000;

    private static final int SWEEP_EVERY = 4096;
    private static final long SLACK_MILLIS = 15 * 60_000;

    record Key(TenantId tenant, List<String> group) {}

    private final LinkedHashMap<Key, Window> groups = new LinkedHashMap<>(16, 0.75f, true);
    private final long span;
    private long evicted;
    private int sinceSweep;

    RuleState(SigmaCorrelation rule) {
        span = rule.timespan().toMillis();
    }

    int groups() {
        return groups.size();
    }

    long entries() {
        return groups.values().stream().mapToLong(Window::size).sum();
    }

    long evicted() {
        return evicted;
    }

    void add(
            SigmaCorrelation rule,
            TenantId tenant,
            List<String> group,
            Window.Entry entry,
            long received,
            CorrelationSink out) {
        var key = new Key(tenant, group.stream().map(CaseFolding::fold).toList());
        var window = groups.computeIfAbsent(key, k -> new Window());
        int at = window.add(entry, span, received);
        if (at >= 0) {
            evaluate(rule, key, group, window, at, out);
        }
        if (groups.size() > MAX_GROUPS) {
            groups.pollFirstEntry();
            evicted++;
        }
        if (++sinceSweep >= SWEEP_EVERY) {
            sinceSweep = 0;
            groups.values().removeIf(w -> w.touched() < received - span - SLACK_MILLIS);
        }
    }

    private void evaluate(
            SigmaCorrelation rule, Key key, List<String> group, Window window, int at, CorrelationSink out) {
        var entries = window.entries();
        boolean values = rule.type() == SigmaCorrelation.Type.VALUE_COUNT;
        for (int end = values ? entries.size() - 1 : at; end < entries.size(); end++) {
            if (entries.get(end).time() - entries.get(at).time() > span) {
                return;
            }
            int start = window.startOf(end, span);
            int count = end - start + 1;
            if (rule.holds(count)) {
                var counted = entries.subList(start, end + 1);
                var match = match(rule, key, group, counted);
                window.fired(start, span);
                out.correlated(match);
                return;
            }
        }
    }

    private static CorrelationMatch match(
            SigmaCorrelation rule, Key key, List<String> group, List<Window.Entry> counted) {
        var first = counted.getFirst();
        var parts = new ArrayList<String>();
        parts.add(rule.id());
        parts.add(key.tenant.value());
        parts.addAll(key.group);
        parts.add(first.id().toString());
        return new CorrelationMatch(
                EventId.derived("correlation", parts.toArray(String[]::new)),
                rule,
                key.tenant,
                group,
                counted.stream()
                        .limit(CorrelationMatch.MAX_EVENTS)
                        .map(Window.Entry::id)
                        .toList(),
                first.time(),
                counted.getLast().time(),
                counted.size());
    }

    void write(DataOutputStream out) throws IOException {
        out.writeLong(evicted);
        out.writeInt(groups.size());
        for (Map.Entry<Key, Window> group : groups.entrySet()) {
            Text.write(group.getKey().tenant.value(), out);
            out.writeInt(group.getKey().group.size());
            for (String value : group.getKey().group) {
                Text.write(value, out);
            }
            group.getValue().write(out);
        }
    }

    void read(DataInputStream in) throws IOException {
        evicted = in.readLong();
        int n = in.readInt();
        if (n < 0 || n > MAX_GROUPS) {
            throw new IOException("a correlation cannot have " + n + " groups");
        }
        for (int i = 0; i < n; i++) {
            var tenant = new TenantId(Text.read(in));
            int values = in.readInt();
            if (values < 0 || values > 64) {
                throw new IOException("a group cannot have " + values + " fields");
            }
            var group = new ArrayList<String>();
            for (int v = 0; v < values; v++) {
                group.add(Text.read(in));
            }
            groups.put(new Key(tenant, List.copyOf(group)), Window.read(in));
        }
    }
}
