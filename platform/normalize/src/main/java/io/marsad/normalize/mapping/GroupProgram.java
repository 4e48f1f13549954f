package io.marsad.normalize.mapping;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An expression as steps for a {@link GroupFinder}. Knows what mappings are written in: characters, classes, groups,
 * alternatives, repetitions of what is not empty and has no groups, {@code ^} and {@code $}; over ASCII text. Immutable.
 *
 * @param ops what each step does
 * @param first the step that comes next, of a fork the one to try first; the slot of a {@link #SAVE}
 * @param second of a fork the other step to try
 * @param low of a {@link #ONE}, and as the last entry of the characters that a find can begin with: those below 64
 * @param high the others
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record GroupProgram(byte[] ops, int[] first, int[] second, long[] low, long[] high, int groups) {
    /** One character of a set. */
    static final byte ONE = 0;
    /** Two ways to go on. */
    static final byte FORK = 1;
    /** A step elsewhere. */
    static final byte JUMP = 2;
    /** A group begins or ends here. */
    static final byte SAVE = 3;

    static final byte BEGIN = 4;
    static final byte END = 5;
    static final byte FOUND = 6;

    private static final int MOST_STEPS = 1000;
    private static final int MOST_TIMES = 100;

    /** Null when there is more in the expression than is known here. */
    static @Nullable GroupProgram of(Pattern pattern) {
        if ((pattern.flags() & ~Pattern.DOTALL) != 0) {
            return null;
        }
        try {
            var reader = new GroupSyntax(pattern.pattern(), pattern.flags() == Pattern.DOTALL);
            var writer = new Writer();
            writer.write(reader.read());
            writer.add(FOUND, 0, 0);
            return writer.program(reader.groups());
        } catch (NotKnownException e) {
            return null;
        }
    }

    /** The expression has something that is not known here. */
    static final class NotKnownException extends Exception {
        private static final long serialVersionUID = 1;

        NotKnownException(String what) {
            super(what, null, false, false);
        }
    }

    /** A part of an expression. */
    sealed interface Part {
        /** Whether it can be found without passing a character. */
        boolean mayBeEmpty();

        boolean hasGroup();

        /** A character out of a set of ASCII. */
        record One(long low, long high) implements Part {
            @Override
            public boolean hasGroup() {
                return false;
            }

            @Override
            public boolean mayBeEmpty() {
                return false;
            }
        }

        /** A place: one of the ops. */
        record Place(byte op) implements Part {
            @Override
            public boolean hasGroup() {
                return false;
            }

            @Override
            public boolean mayBeEmpty() {
                return true;
            }
        }

        record Sequence(List<Part> parts) implements Part {
            @Override
            public boolean hasGroup() {
                return parts.stream().anyMatch(Part::hasGroup);
            }

            @Override
            public boolean mayBeEmpty() {
                return parts.stream().allMatch(Part::mayBeEmpty);
            }
        }

        record Either(List<Part> parts) implements Part {
            @Override
            public boolean hasGroup() {
                return parts.stream().anyMatch(Part::hasGroup);
            }

            @Override
            public boolean mayBeEmpty() {
                return parts.stream().anyMatch(Part::mayBeEmpty);
            }
        }

        record Group(int index, Part of) implements Part {
            @Override
            public boolean hasGroup() {
                return true;
            }

            @Override
            public boolean mayBeEmpty() {
                return of.mayBeEmpty();
            }
        }

        /** @param max -1: no end */
        record Repeat(Part of, int min, int max, boolean lazy) implements Part {
            @Override
            public boolean hasGroup() {
                return of.hasGroup();
            }

            @Override
            public boolean mayBeEmpty() {
                return min == 0;
            }
        }
    }

    private static final class Writer {
        private final List<int[]> steps = new ArrayList<>();
        private final List<Part.One> sets = new ArrayList<>();

        int add(byte op, int to, int other) throws NotKnownException {
            if (steps.size() == MOST_STEPS) {
                throw new NotKnownException("long");
            }
            steps.add(new int[] {op, to, other});
            return steps.size() - 1;
        }

        private int fork(boolean lazy) throws NotKnownException {
            return add(FORK, lazy ? -1 : steps.size() + 1, lazy ? steps.size() + 1 : -1);
        }

        /** The way out of a fork, or of a jump, is here. */
        private void here(int step) {
            int[] s = steps.get(step);
            s[s[0] == FORK && s[1] >= 0 ? 2 : 1] = steps.size();
        }

        void write(Part part) throws NotKnownException {
            switch (part) {
                case Part.One one -> {
                    add(ONE, sets.size(), 0);
                    sets.add(one);
                }
                case Part.Place(byte op) -> add(op, 0, 0);
                case Part.Sequence(List<Part> parts) -> {
                    for (Part each : parts) {
                        write(each);
                    }
                }
                case Part.Either(List<Part> parts) -> {
                    var ends = new ArrayList<Integer>();
                    for (Part each : parts.subList(0, parts.size() - 1)) {
                        int fork = fork(false);
                        write(each);
                        ends.add(add(JUMP, -1, 0));
                        here(fork);
                    }
                    write(parts.getLast());
                    ends.forEach(this::here);
                }
                case Part.Group(int index, Part of) -> {
                    add(SAVE, 2 * index, 0);
                    write(of);
                    add(SAVE, 2 * index + 1, 0);
                }
                case Part.Repeat repeat -> repeat(repeat);
            }
        }

        private void repeat(Part.Repeat repeat) throws NotKnownException {
            boolean twice = repeat.max != 1;
            if (repeat.of.mayBeEmpty()
                    || twice && repeat.of.hasGroup()
                    || repeat.min > MOST_TIMES
                    || repeat.max > MOST_TIMES) {
                throw new NotKnownException("repetition");
            }
            for (int i = 0; i < repeat.min; i++) {
                write(repeat.of);
            }
            if (repeat.max < 0) {
                int fork = fork(repeat.lazy);
                write(repeat.of);
                add(JUMP, fork, 0);
                here(fork);
                return;
            }
            var forks = new ArrayList<Integer>();
            for (int i = repeat.min; i < repeat.max; i++) {
                forks.add(fork(repeat.lazy));
                write(repeat.of);
            }
            forks.forEach(this::here);
        }

        GroupProgram program(int groups) {
            int n = steps.size();
            var ops = new byte[n];
            var to = new int[n];
            var other = new int[n];
            var low = new long[n + 1];
            var high = new long[n + 1];
            for (int i = 0; i < n; i++) {
                int[] step = steps.get(i);
                ops[i] = (byte) step[0];
                to[i] = step[1];
                other[i] = step[2];
                if (ops[i] == ONE) {
                    low[i] = sets.get(step[1]).low;
                    high[i] = sets.get(step[1]).high;
                }
            }
            begins(ops, to, other, low, high);
            return new GroupProgram(ops, to, other, low, high, groups);
        }

        /** Which characters a find can begin with: all, when it can be empty. */
        private static void begins(byte[] ops, int[] to, int[] other, long[] low, long[] high) {
            var reached = new boolean[ops.length];
            var open = new int[2 * ops.length + 1];
            int count = 1;
            while (count > 0) {
                int step = open[--count];
                if (reached[step]) {
                    continue;
                }
                reached[step] = true;
                switch (ops[step]) {
                    case ONE -> {
                        low[ops.length] |= low[step];
                        high[ops.length] |= high[step];
                    }
                    case FOUND -> {
                        low[ops.length] = -1;
                        high[ops.length] = -1;
                    }
                    case FORK -> {
                        open[count++] = to[step];
                        open[count++] = other[step];
                    }
                    case JUMP -> open[count++] = to[step];
                    default -> open[count++] = step + 1;
                }
            }
        }
    }

    @Override
    public String toString() {
        return Arrays.toString(ops);
    }
}
