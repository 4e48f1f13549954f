package io.marsad.fleet.relay;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.marsad.proto.agent.v1.PackageBlock;
import io.marsad.proto.agent.v1.PackageWanted;
import io.marsad.proto.agent.v1.PackagesGrpc;
import io.marsad.wire.AgentPackage;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives packages of the agent out, a block for each call, to some at a time. Thread-safe. */
final class PackageService extends PackagesGrpc.PackagesImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(PackageService.class);
    private static final int AT_ONCE = 16; // blocks in memory

    private final Semaphore room = new Semaphore(AT_ONCE);

    @Override
    public void read(PackageWanted wanted, StreamObserver<PackageBlock> answer) {
        var peer = Peers.current();
        var desk = peer.desks().packages();
        if (desk == null) {
            end(answer, Status.UNIMPLEMENTED, "no packages are given out here");
            return;
        }
        if (wanted.getOffset() % AgentPackage.BLOCK != 0) {
            end(answer, Status.INVALID_ARGUMENT, "a block begins at a multiple of " + AgentPackage.BLOCK);
            return;
        }
        if (!room.tryAcquire()) {
            end(answer, Status.UNAVAILABLE, "too many ask at once; try again");
            return;
        }
        try {
            var block = desk.read(wanted.getSha256(), wanted.getOffset());
            answer.onNext(block);
            answer.onCompleted();
        } catch (PackageDesk.NotYet e) {
            end(answer, Status.UNAVAILABLE, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            LOG.warn("{} is not given a package", peer.id().uri(), e);
            end(answer, Status.NOT_FOUND, String.valueOf(e.getMessage()));
        } finally {
            room.release();
        }
    }

    private static void end(StreamObserver<PackageBlock> answer, Status status, String why) {
        answer.onError(status.withDescription(why).asRuntimeException());
    }
}
