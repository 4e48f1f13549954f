package io.marsad.kernel.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * The identity of an event, alert or other thing: a UUID as two longs.
 *
 * <p>Ids come in two kinds: version 7 (time and randomness) for what is new, and version 8 (the first 122 bits of a
 * SHA-256) for what must get the same id however often it is seen: a record sent again with its client's key, the alert
 * that a rule raises for an event.
 */
public record EventId(long high, long low) {

    /** A version 7 id (RFC 9562). */
    public static EventId atTime(long epochMillis, long random1, long random2) {
        long high = (epochMillis << 16) | 0x7000L | (random1 & 0x0FFFL);
        return new EventId(high, 0x8000_0000_0000_0000L | (random2 & 0x3FFF_FFFF_FFFF_FFFFL));
    }

    /** A version 8 id that depends on nothing but these parts, in this order. */
    public static EventId derived(String purpose, String... parts) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(purpose.getBytes(StandardCharsets.UTF_8));
            for (String part : parts) {
                var bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array()); // so that parts cannot run together
                digest.update(bytes);
            }
            var hash = ByteBuffer.wrap(digest.digest());
            long high = (hash.getLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x8000L;
            return new EventId(high, 0x8000_0000_0000_0000L | (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    /** @throws IllegalArgumentException when the text is not a UUID */
    public static EventId parse(String text) {
        if (text.length() != 36) {
            throw new IllegalArgumentException("not an id: a UUID of 36 characters is expected");
        }
        var uuid = UUID.fromString(text);
        return new EventId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    public UUID uuid() {
        return new UUID(high, low);
    }

    @Override
    public String toString() {
        return uuid().toString();
    }
}
