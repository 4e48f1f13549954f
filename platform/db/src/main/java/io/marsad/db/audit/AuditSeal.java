package io.marsad.db.audit;

import io.marsad.kernel.tenant.TenantId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Signs and reads checkpoints, as signed notes of the C2SP checkpoint format: origin {@code marsad-audit/TENANT}, the number
 * of the last entry, its hash in base64, the time, an empty line, and the signature (Ed25519). Thread-safe.
 */
public final class AuditSeal {
    private static final String ORIGIN = "marsad-audit/";
    private static final String SIGNER = "marsad-audit";
    private static final byte ED25519 = 1;
    private static final int LONGEST = 1000;

    private final KeyPair keys;
    private final byte[] keyId;

    /** @param keys of Ed25519 */
    public AuditSeal(KeyPair keys) {
        this.keys = keys;
        this.keyId = keyId(keys);
    }

    /** Thrown for a note that is none of ours, or was changed. */
    public static final class InvalidNoteException extends Exception {
        InvalidNoteException(String message) {
            super(message);
        }
    }

    /** The signed note. */
    public String sign(AuditCheckpoint checkpoint) {
        var text = ORIGIN + checkpoint.tenant() + "\n" + checkpoint.seq() + "\n"
                + Base64.getEncoder().encodeToString(checkpoint.hash()) + "\n" + checkpoint.at() + "\n";
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(keys.getPrivate());
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            var signed = signature.sign();
            var line = ByteBuffer.allocate(keyId.length + signed.length)
                    .put(keyId)
                    .put(signed)
                    .array();
            return text + "\n\u2014 " + SIGNER + " " + Base64.getEncoder().encodeToString(line) + "\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 is part of every JDK", e);
        }
    }

    /** Reads a note after its signature was found good. */
    public AuditCheckpoint open(String note) throws InvalidNoteException {
        var lines = List.of(note.split("\n", -1));
        if (note.length() > LONGEST
                || lines.size() != 7
                || !lines.get(4).isEmpty()
                || !lines.get(6).isEmpty()) {
            throw new InvalidNoteException("it is not a checkpoint");
        }
        var text = String.join("\n", lines.subList(0, 4)) + "\n";
        var prefix = "\u2014 " + SIGNER + " ";
        if (!lines.get(5).startsWith(prefix) || !isSigned(text, lines.get(5).substring(prefix.length()))) {
            throw new InvalidNoteException("its signature is not this installation's");
        }
        try {
            return new AuditCheckpoint(
                    new TenantId(lines.get(0).substring(ORIGIN.length())),
                    Long.parseLong(lines.get(1)),
                    Base64.getDecoder().decode(lines.get(2)),
                    Instant.parse(lines.get(3)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
            throw new InvalidNoteException("it is signed but cannot be read: " + e.getMessage());
        }
    }

    private boolean isSigned(String text, String base64) throws InvalidNoteException {
        try {
            var line = Base64.getDecoder().decode(base64);
            if (line.length <= keyId.length || !Arrays.equals(Arrays.copyOf(line, keyId.length), keyId)) {
                return false;
            }
            var signature = Signature.getInstance("Ed25519");
            signature.initVerify(keys.getPublic());
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return signature.verify(line, keyId.length, line.length - keyId.length);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new InvalidNoteException("its signature cannot be read: " + e.getMessage());
        }
    }

    /** As signed notes have it: the first four bytes of SHA-256 over name, newline, algorithm and the raw public key. */
    private static byte[] keyId(KeyPair keys) {
        try {
            var encoded = keys.getPublic().getEncoded();
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update((SIGNER + "\n").getBytes(StandardCharsets.US_ASCII));
            digest.update(ED25519);
            digest.update(encoded, encoded.length - 32, 32);
            return Arrays.copyOf(digest.digest(), 4);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
