package io.marsad.connect.run;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The values of a connection's secrets, out of the vault. Never printed, never in what is said of a call. Immutable. */
public final class Secrets {
    private static final int SHORTEST_MASKED = 4;

    private final Map<String, String> values;

    public Secrets(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** @return null when it is not set */
    @Nullable
    String get(String name) {
        var value = values.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** A text without any of them, whatever the other end put into it. */
    String masked(String text) {
        var masked = text;
        var longestFirst = values.entrySet().stream()
                .sorted(Comparator.comparingInt(
                        (Map.Entry<String, String> entry) -> -entry.getValue().length()))
                .toList();
        for (var entry : longestFirst) {
            if (entry.getValue().length() >= SHORTEST_MASKED) {
                masked = masked.replace(entry.getValue(), "<" + entry.getKey() + ">");
            }
        }
        return masked;
    }

    /** Changes when one of them does; tells nothing of them. */
    String fingerprint() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            new TreeMap<>(values).forEach((name, value) -> {
                digest.update(name.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
                digest.update(value.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Secrets" + values.keySet();
    }
}
