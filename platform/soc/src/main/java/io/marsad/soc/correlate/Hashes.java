package io.marsad.soc.correlate;

import java.util.Set;

/** Digests of files. */
final class Hashes {
    /** MD5, SHA-1 and SHA-256 of no bytes: every empty file. */
    private static final Set<String> EMPTY = Set.of(
            "d41d8cd98f00b204e9800998ecf8427e",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

    private Hashes() {}

    /** Whether it is an MD5, SHA-1, SHA-256, SHA-384 or SHA-512 in lower-case hexadecimal. */
    static boolean isHash(String text) {
        return switch (text.length()) {
            case 32, 40, 64, 96, 128 -> text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
            default -> false;
        };
    }

    static boolean isOfNothing(String text) {
        return EMPTY.contains(text);
    }
}
