package io.marsad.agent.act;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a process and all that it began. A number alone does not tell a process, because it is given again: when it was
 * started, or the SHA-256 of its program, has to fit.
 */
final class KillProcess implements HostAction {
    private static final Duration CLOSE =
            Duration.ofMillis(1_500); // the kernel counts hundredths from a boot in seconds
    private static final int MOST = 1_000;
    private static final int ROUNDS = 10;
    private static final long DEAD_WITHIN_MILLIS = 5_000;

    private final Path root;

    KillProcess(Path root) {
        this.root = root;
    }

    @Override
    public Set<String> names() {
        return Set.of("kill_process");
    }

    @Override
    public Done perform(Told told) throws ActionFailed, InterruptedException {
        var hash = told.optional("hash");
        var pid = told.number("pid");
        var found = pid == null ? byHash(hash) : List.of(one(pid, told.optional("started"), hash));
        Map<Long, ProcessHandle> all = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS && gather(found, all); round++) {
            stop(all.values()); // nothing that stands still begins another
        }
        var proof = Done.seen();
        var killed = proof.putArray("killed");
        all.values().forEach(one -> {
            var info = one.info();
            killed.addObject()
                    .put("pid", one.pid())
                    .put("program", info.command().orElse(""))
                    .put("started", info.startInstant().map(Instant::toString).orElse(""));
        });
        all.values().forEach(ProcessHandle::destroyForcibly);
        long left = awaitDead(all.values());
        if (left > 0) {
            throw new ActionFailed(left + " of " + all.size() + " processes are still there");
        }
        proof.put("alive", 0);
        return new Done(Map.of("killed", Integer.toString(all.size())), proof);
    }

    private ProcessHandle one(long pid, @Nullable String started, @Nullable String hash) throws ActionFailed {
        if (started == null && hash == null) {
            throw new ActionFailed(
                    "a number is given to one process after another: say when it was started, or its program's SHA-256");
        }
        var process = ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .orElseThrow(() -> new ActionFailed("there is no process " + pid + " on this host"));
        var since = process.info().startInstant().orElse(null);
        if (started != null) {
            var wanted = time(started);
            if (since == null || Duration.between(since, wanted).abs().compareTo(CLOSE) > 0) {
                throw new ActionFailed(
                        "process " + pid + " is another one: it was started at " + since + ", not at " + wanted);
            }
        }
        if (hash != null && !hash.equalsIgnoreCase(sha256(pid))) {
            throw new ActionFailed("process " + pid + " is another one: its program has another SHA-256");
        }
        requireOther(process);
        return process;
    }

    private List<ProcessHandle> byHash(@Nullable String hash) throws ActionFailed {
        if (hash == null) {
            throw new ActionFailed("which process is not said: pid and started, or hash");
        }
        var found = ProcessHandle.allProcesses()
                .filter(one -> hash.equalsIgnoreCase(sha256(one.pid())))
                .limit(MOST)
                .toList();
        if (found.isEmpty()) {
            throw new ActionFailed("no process of this host runs a program with this SHA-256");
        }
        for (var one : found) {
            requireOther(one);
        }
        return found;
    }

    private static void requireOther(ProcessHandle process) throws ActionFailed {
        var own = ProcessHandle.current();
        for (var above = own; above != null; above = above.parent().orElse(null)) {
            if (above.pid() == process.pid()) {
                throw new ActionFailed("process " + process.pid() + " is the agent, or what the agent hangs on");
            }
        }
        if (process.pid() <= 1) {
            throw new ActionFailed("process " + process.pid() + " is what everything on the host hangs on");
        }
    }

    private @Nullable String sha256(long pid) {
        try {
            return Sums.of(root.resolve("proc/" + pid + "/exe"));
        } catch (IOException e) {
            return null; // gone, or a thread of the kernel
        }
    }

    /** @throws ActionFailed when it is neither milliseconds since 1970 nor such as 2026-01-31T10:00:00Z */
    static Instant time(String text) throws ActionFailed {
        try {
            return text.chars().allMatch(Character::isDigit)
                    ? Instant.ofEpochMilli(Long.parseLong(text))
                    : Instant.parse(text);
        } catch (NumberFormatException | DateTimeException e) {
            throw new ActionFailed("started is no time: " + text, e);
        }
    }

    /** @return whether there are more than before */
    private static boolean gather(List<ProcessHandle> roots, Map<Long, ProcessHandle> all) {
        int before = all.size();
        var next = new ArrayList<ProcessHandle>(roots);
        for (int i = 0; i < next.size() && all.size() < MOST; i++) {
            var one = next.get(i);
            all.putIfAbsent(one.pid(), one);
            one.children().forEach(next::add);
        }
        return all.size() > before;
    }

    private static void stop(Iterable<ProcessHandle> processes) throws ActionFailed, InterruptedException {
        var command = new ArrayList<>(List.of("/bin/sh", "-c", "kill -STOP \"$@\"", "sh"));
        processes.forEach(one -> command.add(Long.toString(one.pid())));
        Commands.run("", command); // some may be gone already, which it complains of
    }

    private static long awaitDead(Iterable<ProcessHandle> processes) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEAD_WITHIN_MILLIS);
        long left;
        do {
            left = 0;
            for (var one : processes) {
                left += isRunning(one) ? 1 : 0;
            }
        } while (left > 0
                && System.nanoTime() < until
                && !Thread.currentThread().isInterrupted()
                && pause());
        return left;
    }

    private static boolean pause() throws InterruptedException {
        Thread.sleep(20);
        return true;
    }

    /** One that is dead and not yet taken note of by its parent runs no more. */
    private static boolean isRunning(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            var stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.charAt(Math.min(stat.length() - 1, stat.lastIndexOf(')') + 2)) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }
}
