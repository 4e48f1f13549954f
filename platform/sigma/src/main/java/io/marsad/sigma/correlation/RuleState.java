package io.marsad.sigma.correlation;

import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** The groups of one correlation and tenant, the one longest without an event first. */
final class RuleState {
    private static final int MAX_GROUPS = 10_000_000;

    final Plan plan;
    private final LinkedHashMap<Group.Key, Group> groups = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long evicted;
    private long crowded;
    private long late;
    private long lost;

    RuleState(Plan plan) {
        this.plan = plan;
    }

    long bytes() {
        return bytes;
    }

    int groups() {
        return groups.size();
    }

    Iterable<Group> all() {
        return groups.values();
    }

    /** The group, made when it is not there. */
    Group group(Group.Key key, java.util.List<String> values) {
        var group = groups.get(key);
        if (group == null) {
            group = Group.of(plan, key, values);
            group.generation = evicted;
            groups.put(key, group);
        }
        return group;
    }

    /** The bytes that it has more than when it was last asked. */
    long account(Group group) {
        long now = group.gone ? 0 : group.bytes();
        long more = now - group.accounted;
        group.accounted = now;
        bytes += more;
        return more;
    }

    void remove(Group group) {
        group.gone = true;
        groups.remove(group.key);
    }

    /** Drops the group longest without an event, unless it is the only one; else null. */
    @Nullable
    Group evict() {
        if (groups.size() < 2) {
            return null;
        }
        var eldest = groups.pollFirstEntry().getValue();
        eldest.gone = true;
        evicted++;
        return eldest;
    }

    void crowded(int entries) {
        crowded += entries;
    }

    void late(boolean lostToo) {
        late++;
        if (lostToo) {
            lost++;
        }
    }

    CorrelationUsage usage(TenantId tenant) {
        long events = 0;
        for (Group group : groups.values()) {
            events += group.entries.size();
        }
        return new CorrelationUsage(tenant, plan.rule.id(), groups.size(), events, bytes, evicted, crowded, late, lost);
    }

    void write(SnapshotWriter out) {
        out.number(evicted);
        out.number(crowded);
        out.number(late);
        out.number(lost);
        out.number(groups.size());
        groups.values().forEach(group -> group.write(out));
    }

    void read(SnapshotReader in) throws IOException {
        evicted = in.number();
        crowded = in.number();
        late = in.number();
        lost = in.number();
        for (int n = in.count(MAX_GROUPS); n > 0; n--) {
            var folded = in.texts();
            var values = in.texts();
            if (folded.size() != plan.rule.groupBy().size() || values.size() != folded.size()) {
                throw new IOException("a group of " + folded.size() + " values for a correlation of "
                        + plan.rule.groupBy().size());
            }
            group(new Group.Key(folded, in.flag()), values).read(in);
        }
    }
}
