package io.marsad.wire;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Who is at the other end of a connection, as its certificate says it: one SPIFFE id, in one spelling
 * ({@code spiffe://marsad/TENANT/endpoint/UUID}), and no other name beside it that one could be taken for.
 *
 * @param tenant whose it is
 */
public record PeerId(String tenant, Kind kind, UUID id) {
    private static final Pattern TEXT = Pattern.compile(
            "spiffe://marsad/([a-z0-9][a-z0-9-]{0,62})/(endpoint|relay)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

    private static final int URI = 6; // RFC 5280, GeneralName

    /** What it is. */
    public enum Kind {
        ENDPOINT,
        RELAY;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @throws IllegalArgumentException when it cannot be said as an id */
    public PeerId {
        if (!TEXT.matcher(text(tenant, kind, id)).matches()) {
            throw new IllegalArgumentException("no id can be made of the tenant '" + tenant + "'");
        }
    }

    /** As it stands in a certificate. */
    public String uri() {
        return text(tenant, kind, id);
    }

    private static String text(String tenant, Kind kind, UUID id) {
        return "spiffe://marsad/" + tenant + "/" + kind.word() + "/" + id;
    }

    /** @throws IllegalArgumentException when it is none */
    public static PeerId of(String uri) {
        var found = TEXT.matcher(uri);
        if (!found.matches()) {
            throw new IllegalArgumentException("it is no id of an endpoint or a relay");
        }
        return new PeerId(
                found.group(1), Kind.valueOf(found.group(2).toUpperCase(Locale.ROOT)), UUID.fromString(found.group(3)));
    }

    /**
     * What a certificate says, which is nothing until {@link PeerTrust} has looked at it.
     *
     * @throws IllegalArgumentException when it does not have exactly one
     */
    public static PeerId of(X509Certificate certificate) {
        var uris = new ArrayList<String>();
        try {
            var names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                if (name.getFirst() instanceof Integer type && type == URI) {
                    uris.add(String.valueOf(name.get(1)));
                }
            }
        } catch (CertificateParsingException e) {
            throw new IllegalArgumentException("its names cannot be read", e);
        }
        if (uris.size() != 1) {
            throw new IllegalArgumentException("it has " + uris.size() + " ids");
        }
        return of(uris.getFirst());
    }
}
