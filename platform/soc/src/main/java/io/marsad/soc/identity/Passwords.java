package io.marsad.soc.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/**
 * Hashes passwords with Argon2id (RFC 9106), 19 MiB, two passes, one lane, 16 bytes of salt: what OWASP recommends as the
 * least. Kept as a PHC string, so that the parameters can grow. At most two are computed at once, to bound memory.
 *
 * <p>Thread-safe.
 */
final class Passwords {
    static final int MAX_LENGTH = 1_024;

    /** Without what is easily taken for one another. */
    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

    private static final int MEMORY_KIB = 19_456;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int SALT = 16;
    private static final int HASH = 32;
    private static final String PREFIX = "$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=" + LANES + "$";

    private final SecureRandom random;
    private final Semaphore atOnce = new Semaphore(2);
    private final String decoy;

    Passwords(SecureRandom random) {
        this.random = random;
        this.decoy = PREFIX + base64(random(SALT)) + "$" + base64(random(HASH));
    }

    /** A random one: 100 bits, in groups that can be read aloud. */
    String generate() {
        var text = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            if (i > 0 && i % 5 == 0) {
                text.append('-');
            }
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    String hash(String password) {
        var salt = random(SALT);
        return PREFIX + base64(salt) + "$" + base64(argon2(password, salt, MEMORY_KIB, PASSES, LANES));
    }

    /** Takes as long when there is no hash to compare with, so that nobody learns who exists; then it is false. */
    boolean matches(String password, @Nullable String hash) {
        return verify(password, hash == null ? decoy : hash) && hash != null;
    }

    private boolean verify(String password, String phc) {
        var parts = phc.split("\\$", -1);
        if (parts.length != 6 || !parts[1].equals("argon2id") || !parts[2].equals("v=19")) {
            throw new IllegalStateException("a password hash is not of a known form");
        }
        int memory = 0;
        int passes = 0;
        int lanes = 0;
        for (String parameter : parts[3].split(",", -1)) {
            int value = Integer.parseInt(parameter.substring(2));
            switch (parameter.charAt(0)) {
                case 'm' -> memory = value;
                case 't' -> passes = value;
                case 'p' -> lanes = value;
                default -> throw new IllegalStateException("a password hash has an unknown parameter");
            }
        }
        var expected = Base64.getDecoder().decode(parts[5]);
        return MessageDigest.isEqual(
                expected, argon2(password, Base64.getDecoder().decode(parts[4]), memory, passes, lanes));
    }

    private byte[] argon2(String password, byte[] salt, int memory, int passes, int lanes) {
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memory)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .build());
        var hash = new byte[HASH];
        atOnce.acquireUninterruptibly();
        try {
            generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
        } finally {
            atOnce.release();
        }
        return hash;
    }

    private byte[] random(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }
}
