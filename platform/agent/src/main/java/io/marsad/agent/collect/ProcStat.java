package io.marsad.agent.collect;

import org.jspecify.annotations.Nullable;

/**
 * What {@code /proc/PID/stat} says of a process.
 *
 * @param startTicks clock ticks from boot to its start: with the pid it tells a process from a later one with the same pid
 */
record ProcStat(long pid, String name, long parent, long startTicks) {
    /** Null when the text is no such line. A name may hold anything, also spaces and parentheses. */
    static @Nullable ProcStat parse(String line) {
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        if (open < 2 || close < open) {
            return null;
        }
        var rest = line.substring(close + 1).trim().split(" ", 24);
        if (rest.length < 20) {
            return null;
        }
        long pid = Found.number(line.substring(0, open).trim(), 10);
        long parent = Found.number(rest[1], 10);
        long start = Found.number(rest[19], 10);
        return pid < 0 || parent < 0 || start < 0
                ? null
                : new ProcStat(pid, line.substring(open + 1, close), parent, start);
    }
}
