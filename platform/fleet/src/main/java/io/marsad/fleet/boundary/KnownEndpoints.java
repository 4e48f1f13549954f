package io.marsad.fleet.boundary;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.marsad.fleet.identity.Fingerprint;
import io.marsad.proto.agent.v1.Roster;
import io.marsad.proto.agent.v1.RosterEntry;
import io.marsad.uplink.DurableFile;
import io.marsad.wire.PeerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whom a relay may speak with, as the control plane said last; on disk, so that it goes on while that is away. Who is not
 * in it is not let in. Thread-safe.
 */
final class KnownEndpoints {
    private final Path file;
    private Map<UUID, RosterEntry> entries = new HashMap<>();

    private KnownEndpoints(Path file) {
        this.file = file;
    }

    static KnownEndpoints open(Path file) throws IOException {
        var known = new KnownEndpoints(file);
        if (Files.exists(file)) {
            try {
                known.apply(Roster.parseFrom(Files.readAllBytes(file)));
            } catch (InvalidProtocolBufferException e) {
                throw new IOException(file + " cannot be read; without it the control plane is waited for", e);
            }
        }
        return known;
    }

    /** What the control plane says; durable when it returns. */
    synchronized void take(Roster roster) throws IOException {
        apply(roster);
        var all = Roster.newBuilder().setWhole(true).addAllEndpoints(entries.values());
        DurableFile.replace(file, all.build().toByteArray());
    }

    private void apply(Roster roster) {
        var next = roster.getWhole() ? new HashMap<UUID, RosterEntry>() : new HashMap<>(entries);
        roster.getEndpointsList().forEach(entry -> next.put(UUID.fromString(entry.getEndpointId()), entry));
        entries = next;
    }

    /** It was let in just now, through this relay; the control plane will say so. */
    synchronized void expect(UUID endpoint, X509Certificate certificate) {
        var before = entries.get(endpoint);
        var builder = before == null ? RosterEntry.newBuilder() : before.toBuilder();
        entries.put(
                endpoint,
                builder.setEndpointId(endpoint.toString())
                        .setRevoked(false)
                        .setCertificateHash(ByteString.copyFrom(Fingerprint.bytes(certificate)))
                        .build());
    }

    /** It has another certificate now; the one before is good until the control plane says otherwise. */
    synchronized void renewed(UUID endpoint) {
        var entry = entries.get(endpoint);
        if (entry != null) {
            entries.put(endpoint, entry.toBuilder().clearCertificateHash().build());
        }
    }

    /** Empty: in none that is known. */
    synchronized String group(PeerId endpoint) {
        var entry = entries.get(endpoint.id());
        return entry == null ? "" : entry.getGroup();
    }

    /** Whether it may be spoken with. @param endpoint an id, as text */
    synchronized boolean isLetIn(String endpoint) {
        try {
            var entry = entries.get(UUID.fromString(endpoint));
            return entry != null && !entry.getRevoked();
        } catch (IllegalArgumentException e) {
            return false; // it is said by whoever calls
        }
    }

    /** Whether a certificate lets nobody in, whatever else is right about it. */
    boolean isOut(X509Certificate certificate) {
        var id = PeerId.of(certificate);
        @Nullable RosterEntry entry;
        synchronized (this) {
            entry = entries.get(id.id());
        }
        if (id.kind() == PeerId.Kind.RELAY) {
            return false; // its own control plane, which every side checks against the authority
        }
        return entry == null
                || entry.getRevoked()
                || !entry.getCertificateHash().isEmpty()
                        && !entry.getCertificateHash().equals(ByteString.copyFrom(Fingerprint.bytes(certificate)));
    }

    synchronized int size() {
        return entries.size();
    }
}
