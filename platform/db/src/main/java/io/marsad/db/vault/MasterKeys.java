package io.marsad.db.vault;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The master keys that a store has, in their order: each 32 bytes in base64, told apart by commas or ends of lines. A key's
 * id is the beginning of a hash of it, so that the same key has the same id wherever it is kept.
 */
final class MasterKeys {
    private static final int ID_BYTES = 4;

    private final Map<String, SecretKeySpec> keys;

    private MasterKeys(Map<String, SecretKeySpec> keys) {
        this.keys = keys;
    }

    static MasterKeys none() {
        return new MasterKeys(Map.of());
    }

    /** @param place named when it cannot be read */
    static MasterKeys parse(String text, String place) {
        var keys = new LinkedHashMap<String, SecretKeySpec>();
        for (var one : text.split("[,\\s]+")) {
            if (one.isEmpty()) {
                continue;
            }
            try {
                var bytes = Base64.getDecoder().decode(one);
                if (bytes.length != Envelope.KEY_BYTES) {
                    throw new IllegalArgumentException(bytes.length + " bytes");
                }
                keys.put(id(bytes), Envelope.key(bytes));
            } catch (IllegalArgumentException e) { // whose message may quote what was read
                throw new VaultException(
                        "key " + (keys.size() + 1) + " in " + place
                                + " is not 32 bytes in base64: bring it back from a backup (openssl rand -base64 32 makes one)");
            }
        }
        return new MasterKeys(keys);
    }

    /** As it is kept. */
    SecretValue text() {
        return SecretValue.of(keys.values().stream()
                .map(key -> Base64.getEncoder().encodeToString(key.getEncoded()) + "\n")
                .collect(Collectors.joining()));
    }

    /** These and a new one, at their head. */
    MasterKeys with(byte[] key) {
        var more = new LinkedHashMap<String, SecretKeySpec>();
        more.put(id(key), Envelope.key(key));
        more.putAll(keys);
        return new MasterKeys(more);
    }

    MasterKeys without(Set<String> ids) {
        var fewer = new LinkedHashMap<>(keys);
        fewer.keySet().removeAll(ids);
        return new MasterKeys(fewer);
    }

    Set<String> ids() {
        return keys.keySet();
    }

    Map<String, SecretKeySpec> all() {
        return keys;
    }

    @Nullable
    SecretKeySpec get(String id) {
        return keys.get(id);
    }

    /** An id as the header of what a key sealed has it. */
    static int number(String id) {
        return Integer.parseUnsignedInt(id, 16);
    }

    static String id(byte[] key) {
        try {
            var hash = MessageDigest.getInstance("SHA-256");
            hash.update("marsad-master-key-v1:".getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(hash.digest(key), 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    /** Which, not what. */
    @Override
    public String toString() {
        return keys.keySet().toString();
    }
}
