package io.marsad.soc.identity;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Codes that an authenticator app shows: six digits that change every 30 seconds (RFC 6238 with HMAC-SHA-1, which is what
 * all apps can do).
 */
final class OneTimeCode {
    /** Bytes; what RFC 4226 asks for. */
    static final int SECRET = 20;

    static final int DIGITS = 6;
    static final int SECONDS = 30;
    private static final int MODULUS = 1_000_000;
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private OneTimeCode() {}

    static long step(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), SECONDS);
    }

    /** The code of a step, with leading zeros. */
    static String at(byte[] secret, long step) {
        try {
            var mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret, "HmacSHA1"));
            var hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
            int offset = hash[hash.length - 1] & 0xf;
            int number = ByteBuffer.wrap(hash).getInt(offset) & Integer.MAX_VALUE;
            return String.format(Locale.ROOT, "%06d", number % MODULUS);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-1 is part of every JDK", e);
        }
    }

    /**
     * The step that the code is of: this one, the one before or the one after, for clocks that differ. -1 when it is of
     * none of them, or of one that is not after {@code last}: a code counts once.
     */
    static long match(byte[] secret, String code, Instant now, long last) {
        long current = step(now);
        for (long step = current - 1; step <= current + 1; step++) {
            if (step > last && Secret.same(at(secret, step), code)) {
                return step;
            }
        }
        return -1;
    }

    /** As RFC 4648 writes it, without padding; for people to type and apps to read. */
    static String base32(byte[] bytes) {
        var text = new StringBuilder();
        int buffer = 0;
        int bits = 0;
        for (byte one : bytes) {
            buffer = buffer << 8 | one & 0xff;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(BASE32.charAt(buffer >> bits & 31));
            }
            buffer &= (1 << bits) - 1;
        }
        if (bits > 0) {
            text.append(BASE32.charAt(buffer << 5 - bits & 31));
        }
        return text.toString();
    }
}
