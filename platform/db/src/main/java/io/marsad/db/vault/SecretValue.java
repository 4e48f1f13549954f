package io.marsad.db.vault;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A secret in memory, 1 to 65,536 bytes: it never prints itself, and is wiped when closed. Equal only to itself. One
 * thread at a time.
 */
public final class SecretValue implements AutoCloseable {
    /** The longest, in bytes. */
    public static final int MOST_BYTES = 65_536;

    private final byte[] bytes;
    private boolean wiped;

    private SecretValue(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > MOST_BYTES) {
            throw new IllegalArgumentException("a secret has 1 to " + MOST_BYTES + " bytes");
        }
        this.bytes = bytes;
    }

    /** A copy of the bytes. */
    public static SecretValue of(byte[] bytes) {
        return new SecretValue(bytes.clone());
    }

    /** These characters as UTF-8. */
    public static SecretValue of(char[] text) {
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(text));
        var bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        if (encoded.hasArray()) {
            Arrays.fill(encoded.array(), (byte) 0);
        }
        return new SecretValue(bytes);
    }

    /** This text as UTF-8; the text itself cannot be wiped. */
    public static SecretValue of(String text) {
        return new SecretValue(text.getBytes(StandardCharsets.UTF_8));
    }

    /** These very bytes, which are wiped with it. */
    static SecretValue owning(byte[] bytes) {
        return new SecretValue(bytes);
    }

    /**
     * A copy, for the caller to wipe.
     *
     * @throws IllegalStateException when it was wiped
     */
    public byte[] bytes() {
        if (wiped) {
            throw new IllegalStateException("the secret was wiped");
        }
        return bytes.clone();
    }

    /** As text, which cannot be wiped: for interfaces that take nothing else. */
    public String text() {
        var copy = bytes();
        try {
            return new String(copy, StandardCharsets.UTF_8);
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }

    /** Wipes it. */
    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
        wiped = true;
    }

    /** Never what it is. */
    @Override
    public String toString() {
        return "(secret)";
    }
}
