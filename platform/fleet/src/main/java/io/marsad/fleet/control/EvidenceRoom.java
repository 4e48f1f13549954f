package io.marsad.fleet.control;

import io.marsad.fleet.Carve;
import io.marsad.fleet.CarveDoor;
import io.marsad.fleet.Enrollment.Node;
import io.marsad.fleet.relay.EvidenceDesk;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what agents send as the proof of an action beside the files that hosts with osquery send: it is listed, read and
 * deleted as those are. Thread-safe.
 */
public final class EvidenceRoom implements EvidenceDesk {
    /** The length of a block, bytes; the last one may be shorter. */
    public static final int BLOCK = 256 << 10;

    private final CarveDoor door;
    private final Asked asked;

    /** Whether somebody wants it. */
    @FunctionalInterface
    public interface Asked {
        /** @return the host's name when it was told to do the action and has not ended it; null: nobody asked */
        @Nullable
        String of(TenantId tenant, UUID endpoint, UUID action);
    }

    public EvidenceRoom(CarveDoor door, Asked asked) {
        this.door = door;
        this.asked = asked;
    }

    @Override
    public Receiving receive(Announced announced) throws IOException {
        var tenant = new TenantId(announced.endpoint().tenant());
        var endpoint = announced.endpoint().id();
        var name = asked.of(tenant, endpoint, announced.action());
        if (name == null) {
            throw new IOException("nobody asked for it");
        }
        var host = new Node(tenant, endpoint, name, "");
        var size = announced.size();
        var what = new Carve.Announced(
                announced.action() + "/" + announced.name(),
                "action:" + announced.action(),
                size,
                BLOCK,
                Math.ceilDiv(size, BLOCK));
        try {
            return new Blocks(host, door.resume(host, what), announced.sha256());
        } catch (ProblemException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private final class Blocks implements Receiving {
        private final Node host;
        private final Carve carve;
        private final String sha256;
        private int received;

        private Blocks(Node host, Carve carve, String sha256) {
            this.host = host;
            this.carve = carve;
            this.sha256 = sha256;
            this.received = carve.received();
        }

        @Override
        public long through() {
            return Math.min(carve.size(), (long) received * BLOCK);
        }

        @Override
        public long take(long offset, byte[] data) throws IOException {
            if (offset % BLOCK != 0) {
                throw new IOException("a block begins at a multiple of " + BLOCK);
            }
            try {
                received = door.block(host, carve.id(), offset / BLOCK, data, sha256);
                return through();
            } catch (ProblemException e) {
                throw new IOException(e.getMessage(), e);
            }
        }

        @Override
        public void close() {} // what is here stays, and is gone on with
    }
}
