package io.marsad.bench.fuzz;

import com.google.protobuf.InvalidProtocolBufferException;
import io.marsad.fleet.identity.Authority;
import io.marsad.proto.agent.v1.ActionReport;
import io.marsad.proto.agent.v1.Batch;
import io.marsad.proto.agent.v1.EnrollRequest;
import io.marsad.proto.agent.v1.EvidenceBlock;
import io.marsad.proto.agent.v1.RelayState;
import io.marsad.proto.agent.v1.Roster;
import io.marsad.wire.CertificateRequests;
import io.marsad.wire.EnvelopeRefused;
import io.marsad.wire.PeerId;
import io.marsad.wire.PeerTrust;
import io.marsad.wire.PolicyVerifier;
import io.marsad.wire.TrustedKeys;
import io.marsad.wire.Verifier;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;

/**
 * All that a relay decodes before it knows whom it comes from: envelopes of actions, policies and lists of keys, requests
 * for certificates, certificates, messages. Whatever the bytes are, each is taken or refused as its reader says, and none
 * is taken that nobody has signed. The first byte says what the rest is.
 */
public final class RelayTarget {
    private static final Authority AUTHORITY = Authority.create("acme", Instant.now(), new SecureRandom());
    private static final InstantSource CLOCK = InstantSource.system();
    private static final TrustedKeys KEYS = new TrustedKeys("acme", List.of(AUTHORITY.certificate()), CLOCK);
    private static final Verifier ACTIONS = new Verifier("acme", _ -> true, KEYS, (_, _) -> true, CLOCK);
    private static final PolicyVerifier POLICIES = new PolicyVerifier("acme", _ -> true, KEYS, CLOCK);
    private static final PeerTrust TRUST = new PeerTrust("acme", List.of(AUTHORITY.certificate()), _ -> false, CLOCK);

    private RelayTarget() {}

    private interface Reading {
        void read() throws EnvelopeRefused;
    }

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        var rest = Arrays.copyOfRange(data, 1, data.length);
        var text = new String(rest, StandardCharsets.UTF_8);
        switch (data[0] & 7) {
            case 0 -> refused(() -> ACTIONS.accept(text));
            case 1 -> refused(() -> POLICIES.accept(text, null));
            case 2 -> refused(() -> KEYS.accept(text));
            case 3 -> request(rest);
            case 4 -> certificate(rest);
            case 5 -> peer(text);
            default -> messages(rest);
        }
    }

    private static void refused(Reading reading) {
        try {
            reading.read();
        } catch (EnvelopeRefused e) {
            return;
        }
        throw new AssertionError("taken, though nobody has signed it");
    }

    private static void request(byte[] bytes) {
        try {
            CertificateRequests.key(bytes);
        } catch (IllegalArgumentException e) {
            if (e.getMessage() == null) {
                throw new AssertionError("refused without a reason", e);
            }
        }
    }

    private static void certificate(byte[] bytes) {
        try {
            var read = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
            TRUST.check(read, EnumSet.allOf(PeerId.Kind.class), PeerTrust.Use.CLIENT);
        } catch (CertificateException | PeerTrust.Refused e) {
            return;
        }
        throw new AssertionError("trusted, though no authority has signed it");
    }

    private static void peer(String text) {
        try {
            var id = PeerId.of(text);
            if (!id.uri().equals(text)) {
                throw new AssertionError("two ways to write " + id.uri());
            }
        } catch (IllegalArgumentException e) {
            if (e.getMessage() == null) {
                throw new AssertionError("refused without a reason", e);
            }
        }
    }

    private static void messages(byte[] bytes) {
        for (var parser : List.of(
                Batch.parser(),
                EnrollRequest.parser(),
                ActionReport.parser(),
                EvidenceBlock.parser(),
                RelayState.parser(),
                Roster.parser())) {
            try {
                var message = parser.parseFrom(bytes);
                if (!parser.parseFrom(message.toByteArray()).equals(message)) {
                    throw new AssertionError("read differently when it is written again");
                }
            } catch (InvalidProtocolBufferException e) {
                continue; // it is no such message
            }
        }
    }
}
