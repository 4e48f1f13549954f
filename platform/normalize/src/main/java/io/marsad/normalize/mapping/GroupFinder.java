package io.marsad.normalize.mapping;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.marsad.normalize.format.Utf8;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds an expression in a value, and where its groups are: the leftmost find, of several there the one that is tried
 * first, as RE2/J has it. Goes back where RE2/J carries all ways along with their groups, but never tries the same step at
 * the same place twice, so that it takes time linear in the value as well. What {@link GroupProgram} does not know, values
 * that are not ASCII and those too long are left to RE2/J.
 *
 * <p>Used by one thread, again and again.
 */
final class GroupFinder {
    /** Bits; the memory for what was tried. */
    private static final int MOST_TRIED = 1 << 18;

    private final Pattern pattern;
    private final @Nullable GroupProgram program;
    /** By step, the number of a fork. */
    private final int[] forks;

    private final int forkCount;
    private final int groupCount;
    private final int[] found;
    private long[] tried = new long[64];
    private int[] open = new int[64];
    private int openCount;

    GroupFinder(Pattern pattern) {
        this.pattern = pattern;
        groupCount = pattern.groupCount();
        program = GroupProgram.of(pattern);
        found = new int[2 * groupCount + 2];
        forks = new int[program == null ? 0 : program.ops().length];
        int count = 0;
        for (int i = 0; i < forks.length; i++) {
            forks[i] = program != null && program.ops()[i] == GroupProgram.FORK ? count++ : 0;
        }
        forkCount = count;
        if (program != null && program.groups() != groupCount) {
            throw new IllegalStateException("groups of " + pattern);
        }
    }

    int groupCount() {
        return groupCount;
    }

    /** Where the group begins, counted from the value's start; -1 when it is not part of what was found. 0: the whole. */
    int start(int group) {
        return found[2 * group];
    }

    int end(int group) {
        return found[2 * group + 1];
    }

    boolean find(byte[] bytes, int offset, int length) {
        long bits = (long) forkCount * (length + 1);
        if (program == null || bits > MOST_TRIED || !Utf8.ascii(bytes, offset, offset + length)) {
            return elsewhere(pattern.matcher(Utf8.readable(bytes, offset, length)));
        }
        int words = (int) (bits + 63 >>> 6);
        if (words > tried.length) {
            tried = new long[words * 2];
        } else {
            Arrays.fill(tried, 0, words, 0);
        }
        Arrays.fill(found, -1);
        return find(program, bytes, offset, length);
    }

    private boolean elsewhere(Matcher matcher) {
        if (!matcher.find()) {
            return false;
        }
        for (int group = 0; group <= groupCount; group++) {
            found[2 * group] = matcher.start(group);
            found[2 * group + 1] = matcher.end(group);
        }
        return true;
    }

    private boolean find(GroupProgram steps, byte[] bytes, int offset, int length) {
        long low = steps.low()[steps.ops().length];
        long high = steps.high()[steps.ops().length];
        boolean empty = (low & high) == -1;
        int last = steps.ops()[0] == GroupProgram.BEGIN ? 0 : length;
        for (int from = 0; from <= last; from++) {
            if (empty || from < length && isIn(low, high, bytes[offset + from])) {
                int end = run(steps, bytes, offset, length, from);
                if (end >= 0) {
                    found[0] = from;
                    found[1] = end;
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isIn(long low, long high, byte c) {
        return ((c < 64 ? low : high) >>> c & 1) != 0;
    }

    /** Where what begins here ends, or -1. */
    private int run(GroupProgram steps, byte[] b, int offset, int length, int from) {
        byte[] ops = steps.ops();
        int[] first = steps.first();
        openCount = 0;
        push(0, from);
        while (openCount > 0) {
            int at = open[--openCount];
            int step = open[--openCount];
            if (step < 0) {
                found[~step] = at; // what it was before the way that led nowhere
                continue;
            }
            while (step >= 0) {
                switch (ops[step]) {
                    case GroupProgram.ONE ->
                        step = at < length && isIn(steps.low()[step], steps.high()[step], b[offset + at++])
                                ? step + 1
                                : -1;
                    case GroupProgram.FORK -> {
                        int bit = forks[step] * (length + 1) + at;
                        if ((tried[bit >>> 6] >>> bit & 1) != 0) {
                            step = -1;
                        } else {
                            tried[bit >>> 6] |= 1L << bit;
                            push(steps.second()[step], at);
                            step = first[step];
                        }
                    }
                    case GroupProgram.JUMP -> step = first[step];
                    case GroupProgram.SAVE -> {
                        push(~first[step], found[first[step]]);
                        found[first[step]] = at;
                        step++;
                    }
                    case GroupProgram.FOUND -> {
                        return at;
                    }
                    default -> step = at == (ops[step] == GroupProgram.BEGIN ? 0 : length) ? step + 1 : -1;
                }
            }
        }
        return -1;
    }

    private void push(int step, int at) {
        if (openCount + 2 > open.length) {
            open = Arrays.copyOf(open, open.length * 2);
        }
        open[openCount++] = step;
        open[openCount++] = at;
    }
}
