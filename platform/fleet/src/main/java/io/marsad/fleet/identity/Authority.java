package io.marsad.fleet.identity;

import io.marsad.wire.AuthoritySignature;
import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import io.marsad.wire.SignedKeys;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Signs certificates of one tenant's endpoints and relays (ECDSA on P-256, RFC 5280). It signs for nobody else, and no
 * other authority: what is lost with it is good for nothing of another tenant. Thread-safe.
 */
public final class Authority {
    /** How long one is good. */
    public static final Duration LIFE = Duration.ofDays(3_650);

    /** How long a certificate is good; it is renewed when a third is left. */
    public static final Duration CERTIFICATE_LIFE = Duration.ofDays(30);

    /** Clocks of hosts may be behind by so much. */
    private static final Duration EARLIER = Duration.ofMinutes(10);

    private static final String SIGNATURE = "SHA256withECDSA";
    private static final int SERIAL_BITS = 127; // positive, and 16 bytes: RFC 5280 has 20 at most

    private final String tenant;
    private final X509Certificate certificate;
    private final PrivateKey key;
    private final SecureRandom random;

    /** @throws IllegalArgumentException when the certificate is no authority's */
    public Authority(String tenant, X509Certificate certificate, PrivateKey key, SecureRandom random) {
        if (certificate.getBasicConstraints() < 0) {
            throw new IllegalArgumentException("this certificate may not sign others");
        }
        this.tenant = tenant;
        this.certificate = certificate;
        this.key = key;
        this.random = random;
    }

    /** A new one. */
    public static Authority create(String tenant, Instant now, SecureRandom random) {
        var pair = keys(random);
        var name = new X500NameBuilder()
                .addRDN(BCStyle.O, "Marsad")
                .addRDN(BCStyle.CN, "Endpoints of " + tenant)
                .build();
        try {
            var builder = builder(name, name, pair.getPublic(), now, LIFE, random);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(
                    Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
            return new Authority(tenant, signed(builder, pair.getPrivate()), pair.getPrivate(), random);
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("an authority could not be made", e);
        }
    }

    /** A key pair as endpoints, relays and authorities have them. */
    public static KeyPair keys(SecureRandom random) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has P-256", e);
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** For the vault. */
    PrivateKey key() {
        return key;
    }

    /**
     * A certificate, good from ten minutes ago on. Endpoints may only call, relays are called, too.
     *
     * @param key of a request that was checked: {@link io.marsad.wire.CertificateRequests#key}
     * @param names of a relay's machine (DNS); none for endpoints
     * @throws IllegalArgumentException when it is for another tenant, or an endpoint is to have names
     */
    public X509Certificate issue(PeerId peer, PublicKey key, List<String> names, Instant now) {
        boolean relay = peer.kind() == PeerId.Kind.RELAY;
        if (!peer.tenant().equals(tenant) || !relay && !names.isEmpty()) {
            throw new IllegalArgumentException("this authority does not sign that");
        }
        var alternative = new ArrayList<GeneralName>();
        alternative.add(new GeneralName(GeneralName.uniformResourceIdentifier, peer.uri()));
        names.forEach(name -> alternative.add(new GeneralName(GeneralName.dNSName, name)));
        var uses = new ArrayList<KeyPurposeId>();
        uses.add(purpose(PeerTrust.Use.CLIENT));
        if (relay) {
            uses.add(purpose(PeerTrust.Use.SERVER));
        }
        try {
            var issuer =
                    X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
            var builder = builder(issuer, new X500Name(""), key, now.minus(EARLIER), CERTIFICATE_LIFE, random);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(uses.toArray(KeyPurposeId[]::new)));
            builder.addExtension( // critical: there is no other name (RFC 5280, 4.2.1.6)
                    Extension.subjectAlternativeName, true, new GeneralNames(alternative.toArray(GeneralName[]::new)));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate));
            return signed(builder, this.key);
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("a certificate could not be made", e);
        }
    }

    /**
     * The envelope of a list of the keys that count in the tenant.
     *
     * @throws IllegalArgumentException when it is another tenant's, or too large
     */
    public String sign(SignedKeys keys) {
        if (!keys.tenant().equals(tenant)) {
            throw new IllegalArgumentException("this authority does not sign that");
        }
        return AuthoritySignature.sign(keys, certificate, key);
    }

    private static KeyPurposeId purpose(PeerTrust.Use use) {
        return KeyPurposeId.getInstance(new ASN1ObjectIdentifier(use.oid()));
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey key, Instant from, Duration life, SecureRandom random) {
        var begin = from.truncatedTo(ChronoUnit.SECONDS); // what a certificate can say
        var serial = new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE);
        return new JcaX509v3CertificateBuilder(
                issuer, serial, Date.from(begin), Date.from(begin.plus(life)), subject, key);
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey by)
            throws OperatorCreationException, GeneralSecurityException {
        var signer = new JcaContentSignerBuilder(SIGNATURE).build(by);
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    }
}
