package io.marsad.sigma.correlation;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes numbers short: seven bits a byte, the sign first. */
final class SnapshotWriter {
    private byte[] bytes = new byte[1024];
    private int size;

    int size() {
        return size;
    }

    byte[] array() {
        return bytes;
    }

    private void room(int n) {
        if (size + n > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + n, bytes.length * 2));
        }
    }

    void number(long number) {
        room(10);
        long left = number << 1 ^ number >> 63;
        while ((left & ~0x7FL) != 0) {
            bytes[size++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[size++] = (byte) left;
    }

    void fixed(long number) {
        room(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (number >>> shift);
        }
    }

    void fixedUnlessZero(long number) {
        flag(number != 0);
        if (number != 0) {
            fixed(number);
        }
    }

    void flag(boolean flag) {
        room(1);
        bytes[size++] = (byte) (flag ? 1 : 0);
    }

    void text(String text) {
        var utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        room(utf8.length);
        System.arraycopy(utf8, 0, bytes, size, utf8.length);
        size += utf8.length;
    }

    void texts(List<String> texts) {
        number(texts.size());
        texts.forEach(this::text);
    }

    void optionalTexts(@Nullable String @Nullable [] texts) {
        flag(texts != null);
        if (texts != null) {
            number(texts.length);
            for (@Nullable String text : texts) {
                flag(text != null);
                if (text != null) {
                    text(text);
                }
            }
        }
    }

    /** All that another has written, so that a reader can pass it over. */
    void part(SnapshotWriter other) {
        fixed(other.size);
        room(other.size);
        System.arraycopy(other.bytes, 0, bytes, size, other.size);
        size += other.size;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }
}
