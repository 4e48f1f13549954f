package io.marsad.normalize.mapping;

import io.marsad.kernel.event.EventBatch;
import io.marsad.normalize.format.PathTable;
import io.marsad.normalize.format.Tape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A record's values: the tape's, and after them the parts that patterns found in these. Also where the values are that
 * mappings ask for by name (a register each), so that asking costs one array load.
 */
final class Leaves {
    static final int NONE = -1;

    private final Tape tape;
    private int parts;
    private int[] partOf = new int[16];
    private int[] partPath = new int[16];
    private int[] partOffset = new int[16];
    private int[] partLength = new int[16];

    private final Map<String, Integer> registers = new HashMap<>();
    private int[] registerOfPath = new int[64]; // 0: none
    private int[] first = new int[16];
    private int[] count = new int[16];
    private int[] stamp = new int[16];
    private int round;

    Leaves(Tape tape) {
        this.tape = tape;
    }

    /** The register of a native name; made when it is new. Content's names only. */
    int register(String name) {
        var known = registers.get(name);
        if (known != null) {
            return known;
        }
        int register = registers.size() + 1;
        registers.put(name, register);
        int path = path(name);
        if (path >= registerOfPath.length) {
            registerOfPath = Arrays.copyOf(registerOfPath, path * 2);
        }
        registerOfPath[path] = register;
        if (register >= first.length) {
            first = Arrays.copyOf(first, register * 2);
            count = Arrays.copyOf(count, register * 2);
            stamp = Arrays.copyOf(stamp, register * 2);
        }
        return register;
    }

    /** The path id of a name out of content. */
    int path(String name) {
        return tape.paths().intern(name);
    }

    /** The values that are no parts of others. */
    Tape tape() {
        return tape;
    }

    PathTable paths() {
        return tape.paths();
    }

    /** Looks at the tape's new content. */
    void begin() {
        parts = 0;
        round++;
        for (int i = 0, n = tape.size(); i < n; i++) {
            note(tape.path(i), i);
        }
    }

    private void note(int path, int leaf) {
        int register = path < registerOfPath.length ? registerOfPath[path] : 0;
        if (register == 0) {
            return;
        }
        if (stamp[register] != round) {
            stamp[register] = round;
            first[register] = leaf;
            count[register] = 1;
        } else {
            count[register]++;
        }
    }

    /** Adds a part of a value under a path of its own. */
    void addPart(int path, int of, int offset, int length) {
        if (parts == partOf.length) {
            partOf = Arrays.copyOf(partOf, parts * 2);
            partPath = Arrays.copyOf(partPath, parts * 2);
            partOffset = Arrays.copyOf(partOffset, parts * 2);
            partLength = Arrays.copyOf(partLength, parts * 2);
        }
        partOf[parts] = of;
        partPath[parts] = path;
        partOffset[parts] = offset;
        partLength[parts] = length;
        note(path, tape.size() + parts++);
    }

    int size() {
        return tape.size() + parts;
    }

    /** The first value of a register, or {@link #NONE}. */
    int first(int register) {
        return stamp[register] == round ? first[register] : NONE;
    }

    /** Whether a register has just one value. */
    boolean single(int register) {
        return stamp[register] == round && count[register] == 1;
    }

    /** The next value of the same name, or {@link #NONE}. */
    int next(int register, int after) {
        if (count[register] == 1) {
            return NONE;
        }
        int path = path(after);
        for (int i = after + 1, n = size(); i < n; i++) {
            if (path(i) == path) {
                return i;
            }
        }
        return NONE;
    }

    int path(int leaf) {
        int n = tape.size();
        return leaf < n ? tape.path(leaf) : partPath[leaf - n];
    }

    byte[] bytes(int leaf) {
        int n = tape.size();
        return tape.bytes(leaf < n ? leaf : partOf[leaf - n]);
    }

    int offset(int leaf) {
        int n = tape.size();
        return leaf < n ? tape.offset(leaf) : partOffset[leaf - n];
    }

    int length(int leaf) {
        int n = tape.size();
        return leaf < n ? tape.length(leaf) : partLength[leaf - n];
    }

    byte type(int leaf) {
        int n = tape.size();
        return leaf < n ? tape.type(leaf) : EventBatch.TEXT;
    }

    /** Where in the record a place of {@link #bytes} is, or -1 when these are not the record's. */
    int inRecord(int leaf, int offset) {
        int n = tape.size();
        int own = leaf < n ? leaf : partOf[leaf - n];
        return tape.inRecord(own) ? tape.offsetInRecord(own) + offset - tape.offset(own) : -1;
    }
}
