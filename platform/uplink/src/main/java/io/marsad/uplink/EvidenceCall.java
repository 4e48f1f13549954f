package io.marsad.uplink;

import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.marsad.proto.agent.v1.EvidenceBlock;
import io.marsad.proto.agent.v1.EvidenceGrpc;
import io.marsad.proto.agent.v1.EvidenceTaken;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One piece of evidence on its way up: each block is said when the one before is kept. One thread uses it. */
public final class EvidenceCall implements ClientResponseObserver<EvidenceBlock, EvidenceTaken>, AutoCloseable {
    private static final long SECONDS = 30;

    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    private volatile @Nullable ClientCallStreamObserver<EvidenceBlock> call;

    public EvidenceCall(Channel by) {
        EvidenceGrpc.newStub(by).upload(this);
    }

    /** @return bytes from the beginning that are kept at the other end @throws IOException when it is not taken */
    public long exchange(EvidenceBlock block) throws IOException, InterruptedException {
        var open = call;
        if (open == null) {
            throw new IOException("the call did not begin");
        }
        open.onNext(block);
        return switch (heard.poll(SECONDS, TimeUnit.SECONDS)) {
            case EvidenceTaken taken -> taken.getThrough();
            case IOException failed -> throw failed;
            case null, default -> throw new IOException("no answer within " + SECONDS + " s");
        };
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<EvidenceBlock> stream) {
        call = stream;
    }

    @Override
    public void onNext(EvidenceTaken taken) {
        heard.add(taken);
    }

    @Override
    public void onError(Throwable failed) {
        heard.add(new IOException(Reasons.of(failed), failed));
    }

    @Override
    public void onCompleted() {
        heard.add(new IOException("the relay has ended the call"));
    }

    @Override
    public void close() {
        var open = call;
        if (open != null) {
            open.cancel("it is not used any more", null);
        }
    }
}
