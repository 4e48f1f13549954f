package io.marsad.api;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An authenticator app, written from RFC 6238 and not from what it is to test. */
final class SoftApp {
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private final byte[] key;
    private long shown;

    SoftApp(String base32) {
        var bits = new StringBuilder();
        for (char c : base32.toCharArray()) {
            bits.append(Integer.toBinaryString(32 | DIGITS.indexOf(c)).substring(1));
        }
        key = new byte[bits.length() / 8];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) Integer.parseInt(bits.substring(8 * i, 8 * i + 8), 2);
        }
    }

    /** A code that was not shown before and is good now: clocks may differ by a step, so that tests need not wait for one. */
    String next() throws Exception {
        long now = Instant.now().getEpochSecond() / 30;
        shown = Math.max(shown + 1, now - 1);
        if (shown > now + 1) {
            throw new IllegalStateException("three codes in half a minute: wait, or use a recovery code");
        }
        return code(shown);
    }

    /** The code that {@link #next} gave last. */
    String again() throws Exception {
        return code(shown);
    }

    /** A code from well before. */
    String old() throws Exception {
        return code(shown - 10);
    }

    private String code(long step) throws Exception {
        var mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(key, "HmacSHA1"));
        var hash = mac.doFinal(ByteBuffer.allocate(8).putLong(step).array());
        int at = hash[19] & 0xf;
        long number = ByteBuffer.wrap(hash, at, 4).getInt() & 0x7fffffffL;
        return String.format(Locale.ROOT, "%06d", number % 1_000_000);
    }
}
