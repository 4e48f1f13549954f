package io.marsad.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Looks for secrets in bytes of any kind: as they are, in hexadecimal digits, and in base64 wherever it begins. */
final class CanarySearch {
    private static final int SHORTEST = 8;

    private record Pattern(String what, byte[] bytes) {}

    private final Map<String, Set<String>> homes = new HashMap<>();
    private final Map<Integer, List<Pattern>> byBeginning = new HashMap<>();
    private final boolean[] begins = new boolean[1 << 16];
    private final Set<String> findings = new TreeSet<>();
    private long looked;

    /**
     * @param what names it in what is found
     * @param homes names of the files that it belongs in
     */
    void add(String what, String secret, String... homes) {
        if (secret.length() < SHORTEST) {
            throw new IllegalArgumentException(what + " is too short to be looked for: " + secret);
        }
        this.homes.put(what, Set.of(homes));
        var bytes = secret.getBytes(StandardCharsets.UTF_8);
        add(new Pattern(what, bytes));
        add(new Pattern(what, HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.US_ASCII)));
        for (int shift = 0; shift < 3; shift++) {
            // What stands before it changes the first digits, what stands behind it the last ones.
            var shifted = new byte[shift + bytes.length];
            System.arraycopy(bytes, 0, shifted, shift, bytes.length);
            var text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            var sure = text.substring(shift == 0 ? 0 : shift + 1, text.length() - (shifted.length % 3 == 0 ? 0 : 1));
            add(new Pattern(what, sure.getBytes(StandardCharsets.US_ASCII)));
            add(new Pattern(what, sure.replace('+', '-').replace('/', '_').getBytes(StandardCharsets.US_ASCII)));
        }
    }

    private void add(Pattern pattern) {
        int beginning = beginning(pattern.bytes, 0);
        begins[beginning] = true;
        byBeginning.computeIfAbsent(beginning, _ -> new ArrayList<>()).add(pattern);
    }

    private static int beginning(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    void look(String where, String text) {
        look(where, text.getBytes(StandardCharsets.UTF_8));
    }

    void look(String where, byte[] bytes) {
        looked += bytes.length;
        for (int i = 0; i + SHORTEST <= bytes.length; i++) {
            int beginning = beginning(bytes, i);
            if (begins[beginning]) {
                for (var pattern : byBeginning.getOrDefault(beginning, List.of())) {
                    if (isAt(pattern.bytes, bytes, i)) {
                        findings.add(pattern.what + " in " + where);
                    }
                }
            }
        }
    }

    private static boolean isAt(byte[] pattern, byte[] bytes, int at) {
        if (at + pattern.length > bytes.length) {
            return false;
        }
        for (int i = 0; i < pattern.length; i++) {
            if (bytes[at + i] != pattern[i]) {
                return false;
            }
        }
        return true;
    }

    /** Every file under the folder; a secret may stand where it is at home. */
    void lookAtFiles(Path folder) throws IOException {
        List<Path> files;
        try (var all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (var file : files) {
            var name = folder.relativize(file).toString();
            try {
                look(name, Files.readAllBytes(file));
            } catch (NoSuchFileException e) {
                continue; // it went meanwhile: nothing is in it any more
            }
        }
        findings.removeIf(finding -> homes.entrySet().stream()
                .anyMatch(secret ->
                        secret.getValue().stream().anyMatch(home -> finding.equals(secret.getKey() + " in " + home))));
    }

    Set<String> findings() {
        return findings;
    }

    /** How many bytes were looked at. */
    long looked() {
        return looked;
    }
}
