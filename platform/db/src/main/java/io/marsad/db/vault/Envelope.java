package io.marsad.db.vault;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM: a byte for the version (1), four for the id of the key, twelve random ones, then what is encrypted with its
 * tag of 16. Version, key id, purpose and place are authenticated with it, so that it opens nowhere else. A key is good for
 * 2^32 of them (NIST SP 800-38D, 8.3).
 */
final class Envelope {
    static final int KEY_BYTES = 32;

    private static final byte VERSION = 1;
    private static final int HEADER = 1 + Integer.BYTES;
    private static final int NONCE = 12;
    private static final int TAG = 16;

    private Envelope() {}

    static SecretKeySpec key(byte[] bytes) {
        return new SecretKeySpec(bytes, "AES");
    }

    /**
     * @param place what it is for and where it belongs; the parts are told apart by their lengths
     */
    static byte[] seal(SecretKeySpec key, int keyId, List<String> place, byte[] plain, SecureRandom random) {
        var nonce = new byte[NONCE];
        random.nextBytes(nonce);
        var sealed = ByteBuffer.allocate(HEADER + NONCE + plain.length + TAG);
        sealed.put(VERSION).putInt(keyId).put(nonce);
        try {
            var cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce);
            cipher.updateAAD(bound(keyId, place));
            cipher.doFinal(ByteBuffer.wrap(plain), sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every JDK", e);
        }
        return sealed.array();
    }

    /** The id of the key that it was sealed by. */
    static int keyId(byte[] sealed) throws AEADBadTagException {
        if (sealed.length <= HEADER + NONCE + TAG || sealed[0] != VERSION) {
            throw new AEADBadTagException("not of version " + VERSION);
        }
        return ByteBuffer.wrap(sealed).getInt(1);
    }

    /**
     * What was sealed, for the caller to wipe.
     *
     * @throws AEADBadTagException when it was sealed by another key or for another place, or was changed
     */
    static byte[] open(SecretKeySpec key, List<String> place, byte[] sealed) throws AEADBadTagException {
        int keyId = keyId(sealed);
        try {
            var cipher = cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOfRange(sealed, HEADER, HEADER + NONCE));
            cipher.updateAAD(bound(keyId, place));
            return cipher.doFinal(sealed, HEADER + NONCE, sealed.length - HEADER - NONCE);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every JDK", e);
        }
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG * Byte.SIZE, nonce));
        return cipher;
    }

    private static byte[] bound(int keyId, List<String> place) {
        var parts = place.stream()
                .map(part -> part.getBytes(StandardCharsets.UTF_8))
                .toList();
        var bound = ByteBuffer.allocate(HEADER
                + parts.stream().mapToInt(part -> Integer.BYTES + part.length).sum());
        bound.put(VERSION).putInt(keyId);
        parts.forEach(part -> bound.putInt(part.length).put(part));
        return bound.array();
    }
}
