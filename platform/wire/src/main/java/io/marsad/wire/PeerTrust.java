package io.marsad.wire;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Says who is at the other end by its certificate, or that nobody is who may be: signed by an authority of the tenant, good
 * now, of the expected kind, for this use and not revoked. Each side asks for itself. Thread-safe.
 */
public final class PeerTrust {
    /** For what a certificate may be shown (RFC 5280). */
    public enum Use {
        CLIENT("1.3.6.1.5.5.7.3.2"),
        SERVER("1.3.6.1.5.5.7.3.1");

        private final String oid;

        Use(String oid) {
            this.oid = oid;
        }

        /** The extended key usage. */
        public String oid() {
            return oid;
        }
    }

    private static final int P256 = 256;

    private final String tenant;
    private final Set<TrustAnchor> anchors = new HashSet<>();
    private final Predicate<X509Certificate> revoked;
    private final InstantSource clock;

    /** @param revoked asked for each that is good otherwise */
    public PeerTrust(
            String tenant, List<X509Certificate> authorities, Predicate<X509Certificate> revoked, InstantSource clock) {
        this.tenant = tenant;
        this.revoked = revoked;
        this.clock = clock;
        authorities.forEach(one -> anchors.add(new TrustAnchor(one, null)));
    }

    /** Why nobody is. The message is fit for a log. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        public Refused(String message) {
            super(message);
        }

        public Refused(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** @throws Refused when it is not to be spoken with */
    public PeerId check(X509Certificate certificate, PeerId.Kind expected, Use use) throws Refused {
        return check(certificate, Set.of(expected), use);
    }

    /**
     * @param expected of which kinds it may be
     * @throws Refused when it is not to be spoken with
     */
    public PeerId check(X509Certificate certificate, Set<PeerId.Kind> expected, Use use) throws Refused {
        requireIssued(certificate);
        PeerId id;
        try {
            id = PeerId.of(certificate);
            var uses = certificate.getExtendedKeyUsage();
            if (uses == null || !uses.contains(use.oid) || certificate.getBasicConstraints() >= 0) {
                throw new Refused("the certificate is not for this use");
            }
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new Refused("the certificate does not say who it is", e);
        }
        if (!(certificate.getPublicKey() instanceof ECPublicKey key)
                || key.getParams().getCurve().getField().getFieldSize() != P256) {
            throw new Refused("the certificate's key is none on P-256");
        }
        if (!id.tenant().equals(tenant)) {
            throw new Refused("the certificate is another tenant's");
        }
        if (!expected.contains(id.kind())) {
            throw new Refused("the certificate is of another kind");
        }
        if (revoked.test(certificate)) {
            throw new Refused("the certificate is revoked");
        }
        return id;
    }

    /** Directly by an authority, which is all that ever signs, and good now. */
    private void requireIssued(X509Certificate certificate) throws Refused {
        if (anchors.isEmpty()) {
            throw new Refused("no authority is trusted");
        }
        try {
            if (!Der.isSigned(certificate.getEncoded())) {
                throw new Refused("the certificate is not in its one form of bytes");
            }
            var parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false); // by a list of ours
            parameters.setDate(Date.from(Instant.ofEpochMilli(clock.millis())));
            var path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate));
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
        } catch (GeneralSecurityException e) {
            throw new Refused("the certificate is not good: nobody who is trusted has signed it, or not for now", e);
        }
    }
}
