package io.marsad.sigma.correlation;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.CaseFolding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * What the correlations of one tenant remember. Time is when records arrived, as the log has it, so that reading the log
 * again does the same; what falls due is done in that order before the next event is looked at.
 */
final class TenantState {
    private record Timer(long due, Group group) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            return Long.compare(due, other.due);
        }
    }

    private final TenantId tenant;
    private final CorrelationLimits limits;
    private final Map<String, RuleState> rules = new LinkedHashMap<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private long clock = Long.MIN_VALUE;
    private long bytes;
    /** About so many timers are of groups that were dropped. */
    private int idleTimers;

    TenantState(TenantId tenant, CorrelationLimits limits) {
        this.tenant = tenant;
        this.limits = limits;
    }

    TenantId tenant() {
        return tenant;
    }

    /** Lets the clock reach a time; it never goes back. */
    void advance(long to, CorrelationSink out) {
        while (!timers.isEmpty() && timers.element().due <= to) {
            var timer = timers.remove();
            var group = timer.group;
            if (group.gone || timer.due != group.scheduled) {
                continue;
            }
            clock = Math.max(clock, timer.due);
            group.scheduled = Group.NEVER;
            var rule = rule(group.plan);
            if (group.due() <= clock) {
                group.onDue(clock, new Told(rule, out));
            }
            if (group.isFinished(clock)) {
                rule.remove(group);
            }
            settle(rule, group);
        }
        clock = Math.max(clock, to);
    }

    /** Does everything that would ever fall due. */
    void finish(CorrelationSink out) {
        while (!timers.isEmpty()) {
            advance(timers.element().due, out);
        }
    }

    void add(Plan plan, List<String> values, Entries.Entry entry, CorrelationSink out) {
        advance(entry.received(), out);
        count(plan, values, entry, out);
        evict();
    }

    private void count(Plan plan, List<String> values, Entries.Entry entry, CorrelationSink out) {
        var rule = rule(plan);
        var folded = values.stream().map(CaseFolding::fold).toList();
        var at = new Entries.Entry(
                entry.time(), clock, entry.high(), entry.low(), entry.value(), entry.member(), entry.carried());
        if (take(rule, rule.group(new Group.Key(folded, false), values), at, out) == Group.Taken.LATE) {
            var again = take(rule, rule.group(new Group.Key(folded, true), values), at, out);
            rule.late(again == Group.Taken.LATE);
        }
    }

    private Group.Taken take(RuleState rule, Group group, Entries.Entry entry, CorrelationSink out) {
        var taken = group.add(entry, new Told(rule, out));
        settle(rule, group);
        return taken;
    }

    private void settle(RuleState rule, Group group) {
        bytes += rule.account(group);
        long due = group.gone ? Group.NEVER : group.due();
        if (due < group.scheduled) {
            group.scheduled = due;
            timers.add(new Timer(due, group));
        }
    }

    private void evict() {
        if (bytes <= Math.min(limits.ruleBytes(), limits.tenantBytes())) {
            return;
        }
        for (RuleState rule : rules.values()) {
            while (rule.bytes() > limits.ruleBytes() && evict(rule)) {
                continue;
            }
        }
        boolean more = bytes > limits.tenantBytes();
        while (more) {
            RuleState largest = null;
            for (RuleState rule : rules.values()) {
                if (rule.groups() > 1 && (largest == null || rule.bytes() > largest.bytes())) {
                    largest = rule;
                }
            }
            more = largest != null && evict(largest) && bytes > limits.tenantBytes();
        }
    }

    private boolean evict(RuleState rule) {
        var group = rule.evict();
        if (group == null) {
            return false;
        }
        bytes += rule.account(group);
        if (++idleTimers > timers.size() / 2 + 1000) {
            timers.removeIf(timer -> timer.group.gone || timer.due != timer.group.scheduled);
            idleTimers = 0;
        }
        return true;
    }

    private RuleState rule(Plan plan) {
        return rules.computeIfAbsent(plan.rule.id(), id -> new RuleState(plan));
    }

    // ---- what groups find

    /**
     * What an inner correlation gives an outer one to count.
     *
     * @param evidence the event to show for it
     */
    private record Counted(
            long time, EventId id, long tie, @Nullable String @Nullable [] carried, EventId evidence) {}

    /** Tells matches to the sink, and to the correlations that count them. */
    private final class Told implements Group.Listener {
        private final RuleState rule;
        private final CorrelationSink out;

        Told(RuleState rule, CorrelationSink out) {
            this.rule = rule;
            this.out = out;
        }

        @Override
        public void crowded(int entries) {
            rule.crowded(entries);
        }

        @Override
        public void fired(Group group, Fired fired, boolean revised) {
            if (group.plan.correlation.alerts()) {
                out.correlated(match(group, fired, revised));
            }
        }

        @Override
        public void settled(Group group, Fired fired) {
            for (Plan.Feed feed : group.plan.feeds) {
                if (!feed.pulses()) {
                    var entries = group.entries;
                    int last = entries.find(fired.last());
                    var carried = last < 0 ? null : entries.carried(last);
                    var event = new EventId(fired.last().high(), fired.last().low());
                    var evidence = last < 0 ? event : evidence(entries, last, group.plan);
                    var one = new Counted(fired.last().time(), id(group, fired), 0, carried, evidence);
                    feed(feed, group, one);
                }
            }
        }

        @Override
        public void pulsed(Group group, int entry) {
            for (Plan.Feed feed : group.plan.feeds) {
                if (feed.pulses()) {
                    var entries = group.entries;
                    var id = new EventId(entries.high(entry), entries.low(entry));
                    var evidence = evidence(entries, entry, group.plan);
                    long tie = tie(group, entry);
                    var one = new Counted(entries.time(entry), id, tie, entries.carried(entry), evidence);
                    feed(feed, group, one);
                }
            }
        }

        private void feed(Plan.Feed feed, Group group, Counted one) {
            var known = new Known(group.values, one.carried);
            var values = known.all(feed.inner().groups());
            var counted = known.all(feed.inner().values());
            if (values == null || counted == null) {
                return;
            }
            var number = Values.number(feed.outer(), counted);
            if (number != null) {
                var wanted = feed.inner().carried();
                var carries = new @Nullable String[wanted.size() + 1];
                for (int i = 0; i < wanted.size(); i++) {
                    carries[i] = known.get(wanted.get(i));
                }
                carries[wanted.size()] = one.evidence.toString();
                long value = number | one.tie;
                int index = feed.inner().index();
                var entry = new Entries.Entry(one.time, clock, one.id.high(), one.id.low(), value, index, carries);
                count(feed.outer(), values, entry, out);
            }
        }
    }

    /** What tells the same event in several groups apart for a correlation that counts them. */
    private static long tie(Group group, int entry) {
        boolean tied = group.plan.part == Entries.Part.MEMBER || group.plan.part == Entries.Part.MEMBER_BACKWARDS;
        var parts = new ArrayList<>(group.key.folded());
        parts.add(Long.toString(tied ? group.entries.value(entry) : 0));
        return EventId.derived("pulse", parts.toArray(String[]::new)).low() & (1L << Entries.TIE_BITS) - 1;
    }

    /** What is known of an alert by its place: the group's values, then what it carries. */
    private record Known(List<String> group, @Nullable String @Nullable [] carried) {
        @Nullable
        String get(int i) {
            if (i < group.size()) {
                return i < 0 ? null : group.get(i);
            }
            return carried == null || i - group.size() >= carried.length ? null : carried[i - group.size()];
        }

        @Nullable
        List<String> all(List<Integer> places) {
            var texts = new ArrayList<String>();
            for (int place : places) {
                var text = get(place);
                if (text == null) {
                    return null;
                }
                texts.add(text);
            }
            return texts;
        }
    }

    /** The event that stands for an entry: an alert's is the one that made it. */
    private static EventId evidence(Entries entries, int i, Plan plan) {
        var carried = entries.carried(i);
        int at = plan.correlation.carried().size();
        var text = carried == null || carried.length <= at ? null : carried[at];
        return text == null ? new EventId(entries.high(i), entries.low(i)) : EventId.parse(text);
    }

    private EventId id(Group group, Fired fired) {
        var parts = new ArrayList<String>();
        parts.add(group.plan.rule.id());
        parts.add(tenant.value());
        parts.addAll(group.key.folded());
        parts.add(group.key.late() ? "late" : "");
        if (group.generation > 0) {
            parts.add("after " + group.generation);
        }
        if (group.plan.growing) {
            parts.add(fired.period() * group.plan.period + " " + fired.number());
        } else {
            parts.add(new EventId(fired.first().high(), fired.first().low()).toString());
        }
        return EventId.derived("correlation", parts.toArray(String[]::new));
    }

    private CorrelationMatch match(Group group, Fired fired, boolean revised) {
        var entries = group.entries;
        var distinct = new LinkedHashSet<EventId>(); // an event may have several entries
        int from = Math.max(0, entries.find(fired.first()));
        int to = entries.after(fired.last());
        for (int i = from; i < to; i++) {
            distinct.add(evidence(entries, i, group.plan));
        }
        var events = new ArrayList<>(distinct);
        int count = events.size();
        if (count > CorrelationMatch.MAX_EVENTS) {
            events.subList(CorrelationMatch.MAX_EVENTS / 2, count - CorrelationMatch.MAX_EVENTS / 2)
                    .clear();
        }
        return new CorrelationMatch(
                id(group, fired),
                group.plan.rule,
                tenant,
                group.values,
                events,
                count,
                fired.first().time(),
                fired.last().time(),
                fired.value(),
                revised);
    }

    // ---- state

    void usage(List<CorrelationUsage> to) {
        rules.values().forEach(rule -> to.add(rule.usage(tenant)));
    }

    void write(SnapshotWriter out) {
        out.text(tenant.value());
        out.number(clock);
        out.number(rules.size());
        rules.forEach((id, rule) -> {
            out.text(id);
            out.text(rule.plan.wording());
            var part = new SnapshotWriter();
            rule.write(part);
            out.part(part);
        });
    }

    static TenantState read(SnapshotReader in, Map<String, Plan> plans, CorrelationLimits limits) throws IOException {
        var state = new TenantState(new TenantId(in.text()), limits);
        state.clock = in.number();
        for (int n = in.count(1 << 20); n > 0; n--) {
            var plan = plans.get(in.text());
            boolean same = in.text().equals(plan == null ? "" : plan.wording());
            var part = in.part();
            if (plan != null && same) {
                var rule = state.rule(plan);
                rule.read(part);
                rule.all().forEach(group -> state.settle(rule, group));
            }
        }
        return state;
    }
}
