package io.marsad.fleet.identity;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/** By what a certificate is known: SHA-256 of its bytes. */
public final class Fingerprint {
    private Fingerprint() {}

    public static byte[] bytes(X509Certificate certificate) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
    }

    /** In hexadecimal digits. */
    public static String of(X509Certificate certificate) {
        return HexFormat.of().formatHex(bytes(certificate));
    }
}
