package io.marsad.wire;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * Requests for certificates (PKCS #10, RFC 2986) of ECDSA keys on P-256. What is asked for beside the key counts for
 * nothing: whoever issues decides what stands in the certificate. Stateless.
 */
public final class CertificateRequests {
    private static final int MOST_BYTES = 4 << 10;
    private static final String SIGNATURE = "SHA256withECDSA";

    private CertificateRequests() {}

    /** Of a key that the caller has; DER. */
    public static byte[] of(KeyPair keys) {
        if (!"EC".equals(keys.getPublic().getAlgorithm())) {
            throw new IllegalArgumentException("a key on P-256 is expected");
        }
        try {
            var signer = new JcaContentSignerBuilder(SIGNATURE).build(keys.getPrivate());
            return new JcaPKCS10CertificationRequestBuilder(new X500Name(""), keys.getPublic())
                    .build(signer)
                    .getEncoded();
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalArgumentException("a request cannot be made of this key", e);
        }
    }

    /**
     * The key, when whoever asks has it.
     *
     * @throws IllegalArgumentException when it is no request, or not for such a key, or signed by another
     */
    public static PublicKey key(byte[] request) {
        if (request.length > MOST_BYTES) {
            throw new IllegalArgumentException("the request is larger than " + MOST_BYTES + " bytes");
        }
        if (!Der.isSigned(request)) {
            throw new IllegalArgumentException("it is no request for a certificate");
        }
        try {
            var read = new PKCS10CertificationRequest(request);
            if (!Arrays.equals(read.getEncoded(), request)) {
                throw new IllegalArgumentException("it is no request for a certificate");
            }
            var info = read.getSubjectPublicKeyInfo();
            if (!X9ObjectIdentifiers.id_ecPublicKey.equals(info.getAlgorithm().getAlgorithm())
                    || !SECObjectIdentifiers.secp256r1.equals(
                            ASN1ObjectIdentifier.getInstance(info.getAlgorithm().getParameters()))) {
                throw new IllegalArgumentException("a key on P-256 is expected");
            }
            var key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(info.getEncoded()));
            if (!read.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new IllegalArgumentException("the request is not signed with its key");
            }
            return key;
        } catch (IOException | PKCSException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalArgumentException("it is no request for a certificate", e);
        } catch (RuntimeException e) { // of the reading of ASN.1, which has many
            throw new IllegalArgumentException(
                    e instanceof IllegalArgumentException && e.getMessage() != null
                            ? e.getMessage()
                            : "it is no request for a certificate",
                    e);
        }
    }
}
