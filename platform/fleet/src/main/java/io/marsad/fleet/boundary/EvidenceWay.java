package io.marsad.fleet.boundary;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.marsad.fleet.relay.EvidenceDesk.Announced;
import io.marsad.fleet.relay.EvidenceDesk.Receiving;
import io.marsad.proto.agent.v1.EvidenceBlock;
import io.marsad.uplink.EvidenceCall;
import java.io.IOException;

/** Blocks of one piece of evidence, each passed on before it is acknowledged: a relay keeps none. One thread uses it. */
final class EvidenceWay implements Receiving {
    private final EvidenceCall call;
    private final EvidenceBlock head;
    private long through;

    EvidenceWay(Channel to, Announced announced) throws IOException {
        this.call = new EvidenceCall(to);
        this.head = EvidenceBlock.newBuilder()
                .setActionId(announced.action().toString())
                .setName(announced.name())
                .setSize(announced.size())
                .setSha256(announced.sha256())
                .setEndpointId(announced.endpoint().id().toString())
                .build();
        this.through = exchange(head);
    }

    private long exchange(EvidenceBlock block) throws IOException {
        try {
            return call.exchange(block);
        } catch (IOException e) {
            call.close();
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            call.close();
            throw new IOException("the relay stops", e);
        }
    }

    @Override
    public long through() {
        return through;
    }

    @Override
    public long take(long offset, byte[] data) throws IOException {
        through = exchange(head.toBuilder()
                .setOffset(offset)
                .setData(ByteString.copyFrom(data))
                .build());
        return through;
    }

    @Override
    public void close() {
        call.close();
    }
}
