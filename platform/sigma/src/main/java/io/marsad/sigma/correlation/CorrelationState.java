package io.marsad.sigma.correlation;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.RuleSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What correlations remember: per tenant, correlation and group the events inside its timespan, in event time.
 *
 * <p>For any order of arrival within the allowed lateness the matches are those of the sorted events, with the same ids
 * (docs/decisions on correlation says why). An event that comes twice counts once. Bounded per tenant and correlation. A
 * group whose fields an event lacks does not exist for that event; of a field that is an array each value is a group.
 * Group values and counted values compare without regard to case.
 *
 * <p>Belongs to one thread.
 */
public final class CorrelationState {
    private static final int MAGIC = 0x4D534353;
    private static final int VERSION = 2;
    /** Event times are taken as within so many milliseconds of 1970, some 30,000 years. */
    private static final long FURTHEST = 1L << 50;

    private final CorrelationLimits limits;
    private Map<String, Plan> plans;
    private Map<TenantId, TenantState> tenants = new LinkedHashMap<>();

    public CorrelationState(RuleSet rules) {
        this(rules, CorrelationLimits.standard());
    }

    public CorrelationState(RuleSet rules, CorrelationLimits limits) {
        this.limits = limits;
        plans = Plan.of(rules.correlations(), limits);
    }

    /**
     * Counts a row of which {@link io.marsad.sigma.DetectionSink#contributed} told; what the sink is then told may be of
     * other groups too, as the clock of arrivals moves on with the row.
     */
    public void add(
            Correlation correlation, Correlation.Member member, EventBatch batch, int row, CorrelationSink out) {
        var plan = plans.get(correlation.definition().id());
        if (plan == null) {
            throw new IllegalArgumentException(
                    "not one of the correlations: " + correlation.definition().id());
        }
        var groups = Values.tuples(member.groups(), batch, row);
        if (groups.isEmpty()) {
            return;
        }
        var state = tenants.get(batch.tenant());
        if (state == null) {
            state = new TenantState(batch.tenant(), limits);
            tenants.put(batch.tenant(), state);
        }
        var carried = Values.first(member.carried(), batch, row);
        long time = Math.clamp(batch.time(row), -FURTHEST, FURTHEST);
        for (List<String> values : Values.tuples(member.values(), batch, row)) {
            var number = Values.number(plan, values);
            if (number != null) {
                var entry = new Entries.Entry(
                        time,
                        batch.received(row),
                        batch.idHigh(row),
                        batch.idLow(row),
                        number,
                        member.index(),
                        carried);
                for (List<String> group : groups) {
                    state.add(plan, group, entry, out);
                }
            }
        }
    }

    /** Everything that arrived before this time, epoch milliseconds, was added: windows that wait for no other are judged. */
    public void advance(long received, CorrelationSink out) {
        for (TenantState tenant : tenants.values()) {
            tenant.advance(received, out);
        }
    }

    /** There will be no further event: all windows are judged, and then nothing is remembered. */
    public void finish(CorrelationSink out) {
        tenants.values().forEach(tenant -> tenant.finish(out));
        tenants.clear();
    }

    /** Nothing of the tenant is remembered any more; windows of it that wait are never judged. */
    public void forget(TenantId tenant) {
        tenants.remove(tenant);
    }

    /** After a reload: goes on with other rules, and forgets correlations that are gone or read differently now. */
    public void retain(RuleSet rules) {
        var now = Plan.of(rules.correlations(), limits);
        try {
            tenants = read(snapshot(), now, limits);
        } catch (IOException e) {
            throw new IllegalStateException("what was just written cannot be read", e);
        }
        plans = now;
    }

    /**
     * From when on events have to be added so that matches from a time on have the ids that they have in the whole stream:
     * alerts of a group are numbered anew in each period, and windows reach back into the one before.
     *
     * @param time epoch milliseconds; the answer is not later, and the same when there are no correlations
     */
    public static long countsFrom(RuleSet rules, CorrelationLimits limits, long time) {
        long from = time;
        for (Plan plan : Plan.of(rules.correlations(), limits).values()) {
            long begin = plan.periodOf(time) * plan.period;
            from = Math.min(from, begin - plan.span - plan.reach);
        }
        return from;
    }

    /** For each tenant and correlation. */
    public List<CorrelationUsage> usage() {
        var usage = new ArrayList<CorrelationUsage>();
        tenants.values().forEach(tenant -> tenant.usage(usage));
        return usage;
    }

    /** All of it as bytes, with version and checksum. */
    public byte[] snapshot() {
        var out = new SnapshotWriter();
        out.fixed((long) MAGIC << 32 | VERSION);
        out.number(tenants.size());
        tenants.values().forEach(tenant -> tenant.write(out));
        out.fixed(checksum(out.array(), out.size()));
        return out.toBytes();
    }

    /**
     * What a snapshot holds of the correlations in the rule set, as they read now.
     *
     * @throws IOException when the bytes are not a snapshot of this version, or damaged
     */
    public static CorrelationState restore(byte[] snapshot, RuleSet rules, CorrelationLimits limits)
            throws IOException {
        var state = new CorrelationState(rules, limits);
        state.tenants = read(snapshot, state.plans, limits);
        return state;
    }

    private static Map<TenantId, TenantState> read(byte[] snapshot, Map<String, Plan> plans, CorrelationLimits limits)
            throws IOException {
        int end = snapshot.length - 8;
        if (end < 8 || ByteBuffer.wrap(snapshot).getLong(end) != checksum(snapshot, end)) {
            throw new IOException("the correlation snapshot is damaged");
        }
        var in = new SnapshotReader(snapshot, 0, end);
        if (in.fixed() != ((long) MAGIC << 32 | VERSION)) {
            throw new IOException("not a correlation snapshot of version " + VERSION);
        }
        var tenants = new LinkedHashMap<TenantId, TenantState>();
        for (int n = in.count(1 << 24); n > 0; n--) {
            var tenant = TenantState.read(in, plans, limits);
            tenants.put(tenant.tenant(), tenant);
        }
        return tenants;
    }

    private static long checksum(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return crc.getValue();
    }
}
