package io.marsad.agent;

import io.marsad.agent.collect.Collector;
import io.marsad.agent.collect.NoRoom;
import io.marsad.agent.guard.CpuWatch;
import io.marsad.agent.guard.Limiter;
import io.marsad.agent.policy.Policy;
import io.marsad.agent.spool.Spool;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Looks with each collector at its time, within its limits, and puts what it gives into the spool. Used by one thread. */
final class Agent {
    private static final Logger LOG = System.getLogger(Agent.class.getName());

    private final Spool spool;
    private final CpuWatch cpu;
    private final InstantSource clock;
    private final List<Task> tasks = new ArrayList<>();
    private long collected;
    private long failures;
    private long refused; // by collectors of policies before
    private long left;

    private static final class Task {
        final Collector collector;
        final Duration every;
        final Limiter limiter;
        long next;
        boolean held;

        Task(Collector collector, Policy.Collection how, InstantSource clock) {
            this.collector = collector;
            every = how.every();
            limiter = new Limiter(how.recordsPerSecond(), how.bytesPerSecond(), clock);
            next = clock.millis();
        }
    }

    Agent(Spool spool, CpuWatch cpu, InstantSource clock) {
        this.spool = spool;
        this.cpu = cpu;
        this.clock = clock;
    }

    void add(Collector collector, Policy.Collection how) {
        tasks.add(new Task(collector, how, clock));
    }

    /**
     * Looks with those whose time has come.
     *
     * @return milliseconds until the next one's
     */
    long round() {
        long now = clock.millis();
        int factor = cpu.factor();
        boolean some = false;
        for (var task : tasks) {
            if (task.next <= now || task.next - now > task.every.toMillis() * 17) { // or the clock was put back
                look(task);
                task.next = now + task.every.toMillis() * factor;
                some = true;
            }
        }
        // Nobody's position is kept before what lies in front of it is durable.
        if (some && spool.sync()) {
            tasks.forEach(task -> task.collector.commit());
        }
        long next = tasks.stream().mapToLong(task -> task.next).min().orElse(now + 1000);
        return Math.clamp(next - clock.millis(), 1, 1000);
    }

    private void look(Task task) {
        try {
            task.collector.poll(found -> keep(task, found));
            task.held = false;
        } catch (NoRoom e) {
            task.held = true; // it stays where it is read from
        } catch (RuntimeException e) {
            failures++; // a fault of ours: the others go on
            LOG.log(Level.ERROR, "collector " + task.collector.name() + " failed", e);
        }
    }

    private void keep(Task task, ObjectNode found) {
        var bytes = found.toString().getBytes(StandardCharsets.UTF_8);
        if (task.collector.resumes()) {
            if (!task.limiter.has(bytes.length) || !spool.offer(bytes)) {
                throw new NoRoom();
            }
            task.limiter.went(bytes.length);
            collected++;
        } else if (task.limiter.take(bytes.length) && spool.append(bytes).isPresent()) {
            collected++;
        }
    }

    /** Which wait for room; empty: none. */
    private String held() {
        var names = tasks.stream()
                .filter(task -> task.held)
                .map(task -> task.collector.name())
                .toList();
        return names.isEmpty() ? "" : " held=" + String.join(",", names);
    }

    /** Ends what collectors run beside the agent and forgets them; the spool stays open. */
    void close() {
        refused += tasks.stream().mapToLong(task -> task.collector.refusals()).sum();
        left += tasks.stream().mapToLong(task -> task.limiter.leftRecords()).sum();
        tasks.forEach(task -> task.collector.close());
        tasks.clear();
    }

    /** How it is, in one line. */
    String status() {
        var overLimit = left
                + tasks.stream().mapToLong(task -> task.limiter.leftRecords()).sum();
        var unreadable = refused
                + tasks.stream().mapToLong(task -> task.collector.refusals()).sum();
        var counters = spool.counters();
        return "collected=" + collected + " waiting=" + spool.waiting() + " spool_bytes=" + spool.bytes() + " dropped="
                + counters.droppedRecords() + " refused=" + counters.refusedRecords() + " lost="
                + counters.lostRecords() + " over_limit=" + overLimit + " unreadable=" + unreadable + " failures="
                + failures
                + " slower=" + cpu.factor() + "x" + held();
    }
}
