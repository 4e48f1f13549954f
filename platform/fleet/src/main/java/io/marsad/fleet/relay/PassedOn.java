package io.marsad.fleet.relay;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.marsad.proto.agent.v1.EnrollRequest;
import io.marsad.proto.agent.v1.EnrollResponse;
import io.marsad.proto.agent.v1.EnrollmentGrpc;
import io.marsad.proto.agent.v1.RenewRequest;
import io.marsad.proto.agent.v1.RenewResponse;
import io.marsad.wire.PeerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What hosts ask at a relay to be let in is asked of the control plane, and nothing is decided here. Thread-safe. */
public final class PassedOn extends EnrollmentGrpc.EnrollmentImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(PassedOn.class);

    private final Way way;

    /** The way to the control plane. Called by several threads. */
    public interface Way {
        /** @throws StatusRuntimeException as the control plane says */
        EnrollResponse enroll(EnrollRequest request);

        /** @throws StatusRuntimeException as the control plane says */
        RenewResponse renew(RenewRequest request);
    }

    PassedOn(Way way) {
        this.way = way;
    }

    private interface Asking<T> {
        T ask();
    }

    @Override
    public void enroll(EnrollRequest request, StreamObserver<EnrollResponse> answer) {
        answer(answer, () -> {
            if (request.getKind() != EnrollRequest.Kind.KIND_ENDPOINT) {
                throw Status.INVALID_ARGUMENT
                        .withDescription("relays ask the control plane itself")
                        .asRuntimeException();
            }
            var from = EnrollmentService.address(Peers.CALLER.get(Context.current()));
            return way.enroll(request.toBuilder().setAddress(from).build());
        });
    }

    @Override
    public void renew(RenewRequest request, StreamObserver<RenewResponse> answer) {
        answer(answer, () -> {
            var peer = Peers.PEER.get(Context.current());
            if (peer == null || peer.id().kind() != PeerId.Kind.ENDPOINT) {
                throw Status.UNAUTHENTICATED
                        .withDescription("this needs the certificate that is to be renewed")
                        .asRuntimeException();
            }
            return way.renew(
                    request.toBuilder().setEndpointId(peer.id().id().toString()).build());
        });
    }

    private static <T> void answer(StreamObserver<T> to, Asking<T> asking) {
        try {
            to.onNext(asking.ask());
            to.onCompleted();
        } catch (StatusRuntimeException e) {
            LOG.info("a host is not let in: {}", e.getMessage());
            to.onError(Status.fromCode(e.getStatus().getCode())
                    .withDescription(e.getStatus().getDescription())
                    .asRuntimeException());
        }
    }
}
