package io.marsad.wire;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys whose signatures count, as the newest list says that a tenant's authority signed: what {@link Verifier} and
 * {@link PolicyVerifier} ask at each envelope. Whoever keeps them keeps the {@link #envelope}, and gives it first after a
 * start. Thread-safe.
 */
public final class TrustedKeys implements Iterable<Verifier.TrustedKey> {
    private final String tenant;
    private final List<X509Certificate> authorities;
    private final InstantSource clock;
    private volatile @Nullable Held held;

    private record Held(SignedKeys list, String envelope) {}

    /** @param authorities of the tenant */
    public TrustedKeys(String tenant, List<X509Certificate> authorities, InstantSource clock) {
        this.tenant = tenant;
        this.authorities = List.copyOf(authorities);
        this.clock = clock;
    }

    /**
     * Takes a list in the place of the one before.
     *
     * @return whether it is newer than that; the same once more is not, and is no fault
     * @throws EnvelopeRefused when it is not to be believed
     */
    public synchronized boolean accept(String envelope) throws EnvelopeRefused {
        var read = Envelope.read(envelope);
        if (!SignedKeys.TYPE.equals(read.type())) {
            throw Fields.malformed("it holds something else than a list of keys");
        }
        requireSigned(read);
        var list = KeysCodec.read(read.payload());
        if (!list.tenant().equals(tenant)) {
            throw new EnvelopeRefused(EnvelopeRefused.Reason.OTHER_TENANT, "it is another tenant's");
        }
        var known = held;
        if (list.version() < 1 || known != null && list.version() <= known.list.version() && !list.equals(known.list)) {
            throw new EnvelopeRefused(EnvelopeRefused.Reason.ROLLED_BACK, "one that is as new or newer is known");
        }
        boolean newer = known == null || list.version() > known.list.version();
        if (newer) {
            held = new Held(list, envelope);
        }
        return newer;
    }

    private void requireSigned(Envelope read) throws EnvelopeRefused {
        var bytes = Envelope.signed(read.type(), read.payload());
        for (var signature : read.signatures()) {
            for (var authority : authorities) {
                if (Keys.id(authority.getPublicKey()).equals(signature.key())
                        && isGoodNow(authority)
                        && AuthoritySignature.verifies(authority.getPublicKey(), bytes, signature.value())) {
                    return;
                }
            }
        }
        throw new EnvelopeRefused(EnvelopeRefused.Reason.UNTRUSTED, "no authority of the tenant has signed it");
    }

    private boolean isGoodNow(X509Certificate authority) {
        try {
            authority.checkValidity(Date.from(clock.instant()));
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    /** Of the list that counts; 0: there is none. */
    public long version() {
        var known = held;
        return known == null ? 0 : known.list.version();
    }

    /** Of the list that counts; null: there is none. */
    public @Nullable String envelope() {
        var known = held;
        return known == null ? null : known.envelope;
    }

    @Override
    public Iterator<Verifier.TrustedKey> iterator() {
        var known = held;
        return known == null
                ? List.<Verifier.TrustedKey>of().iterator()
                : known.list.keys().iterator();
    }
}
