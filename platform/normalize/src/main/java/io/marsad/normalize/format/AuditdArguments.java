package io.marsad.normalize.format;

import io.marsad.kernel.event.EventBatch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The arguments of an EXECVE, which long ones spread over several fields and lines. */
final class AuditdArguments {
    private static final int MAX_ARGUMENTS = 2048;

    private final TextRecord in;
    private byte[] joined = new byte[1024];
    private int used;
    private int[] start = new int[64];
    private int[] end = new int[64];
    private int count;
    private int last;
    private boolean room;

    AuditdArguments(TextRecord in) {
        this.in = in;
    }

    void clear() {
        used = 0;
        count = 0;
        last = -1;
        room = true;
    }

    /** Takes {@code a0}, {@code a1[0]} (and {@code a1_len}, which says nothing more); false when it is another field. */
    boolean take(int key, int keyEnd, int value, int valueEnd, boolean quoted) {
        var b = in.bytes();
        int digits = in.digits(key + 1, keyEnd);
        if (b[key] != 'a' || digits == key + 1) {
            return false;
        }
        if (in.startsWith("_len", digits, keyEnd)) {
            return true;
        }
        if (digits < keyEnd && b[digits] != '[') {
            return false;
        }
        int number = in.number(key + 1, digits);
        if (number != last) {
            if (count == MAX_ARGUMENTS) {
                room = false;
                return true;
            }
            if (count == start.length) {
                start = Arrays.copyOf(start, count * 2);
                end = Arrays.copyOf(end, count * 2);
            }
            if (count > 0) {
                grow(1);
                joined[used++] = ' ';
            }
            start[count] = used;
            end[count++] = used;
            last = number;
        }
        grow(valueEnd - value);
        if (!quoted && isHex(b, value, valueEnd)) {
            used = decode(b, value, valueEnd, joined, used);
        } else {
            System.arraycopy(b, value, joined, used, valueEnd - value);
            used += valueEnd - value;
        }
        end[count - 1] = used;
        return true;
    }

    private void grow(int more) {
        if (more > joined.length - used) {
            joined = Arrays.copyOf(joined, Math.max(joined.length * 2, used + more));
        }
    }

    /** Adds what was taken. Returns whether there was room. */
    boolean add(int execve, Tape out) {
        if (count == 0) {
            return room;
        }
        if (!Utf8.valid(joined, 0, used)) {
            return addMended(execve, out);
        }
        int at = out.side(joined, 0, used);
        boolean all = room && out.addFromSide(out.paths().learn("EXECVE.argv"), at, used, EventBatch.TEXT);
        for (int i = 0; i < count && all; i++) {
            all = out.addFromSide(name(execve, i, out), at + start[i], end[i] - start[i], EventBatch.TEXT);
        }
        return all;
    }

    private boolean addMended(int execve, Tape out) {
        boolean all = room
                && out.add(
                        out.paths().learn("EXECVE.argv"),
                        new String(joined, 0, used, StandardCharsets.UTF_8),
                        EventBatch.TEXT);
        for (int i = 0; i < count && all; i++) {
            var one = new String(joined, start[i], end[i] - start[i], StandardCharsets.UTF_8);
            all = out.add(name(execve, i, out), one, EventBatch.TEXT);
        }
        return all;
    }

    private static int name(int execve, int argument, Tape out) {
        var name = ("a" + argument).getBytes(StandardCharsets.US_ASCII);
        return out.paths().child(execve, name, 0, name.length);
    }

    /** Pairs of hexadecimal digits in capitals, at least one: what the kernel writes for odd text. */
    static boolean isHex(byte[] b, int from, int to) {
        if (to == from || (to - from) % 2 != 0) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (!(b[i] >= '0' && b[i] <= '9') && !(b[i] >= 'A' && b[i] <= 'F')) {
                return false;
            }
        }
        return true;
    }

    /** Writes what the digits stand for and returns where that ends. */
    static int decode(byte[] b, int from, int to, byte[] into, int at) {
        int o = at;
        for (int i = from; i + 1 < to; i += 2) {
            into[o++] = (byte) (Utf8.hexDigit(b[i]) << 4 | Utf8.hexDigit(b[i + 1]));
        }
        return o;
    }
}
