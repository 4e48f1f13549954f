package io.marsad.agent.link;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.marsad.agent.act.Evidence;
import io.marsad.proto.agent.v1.EvidenceBlock;
import io.marsad.uplink.EvidenceCall;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Sends a file in blocks, each when the one before is kept at the other end. Thread-safe. */
final class EvidenceUpload implements Evidence {
    private static final Logger LOG = System.getLogger(EvidenceUpload.class.getName());
    private static final int BLOCK = 256 << 10;
    private static final int TRIES = 20;
    private static final long LONGEST_WAIT_SECONDS = 30;

    private final Supplier<? extends Channel> channel;
    private final CountDownLatch stopped;

    /** @param stopped when nothing more is to be sent */
    EvidenceUpload(Supplier<? extends Channel> channel, CountDownLatch stopped) {
        this.channel = channel;
        this.stopped = stopped;
    }

    @Override
    public void send(UUID action, String name, Path file, String sha256) throws IOException, InterruptedException {
        for (int tried = 1; ; tried++) {
            try (var from = new RandomAccessFile(file.toFile(), "r");
                    var call = new EvidenceCall(channel.get())) {
                var block = EvidenceBlock.newBuilder()
                        .setActionId(action.toString())
                        .setName(name)
                        .setSize(from.length())
                        .setSha256(sha256);
                long through = call.exchange(block.build());
                while (through < from.length()) {
                    var bytes = new byte[(int) Math.min(BLOCK, from.length() - through)];
                    from.seek(through);
                    from.readFully(bytes);
                    through = call.exchange(block.setOffset(through)
                            .setData(ByteString.copyFrom(bytes))
                            .build());
                }
                return;
            } catch (IOException e) {
                if (tried == TRIES || stopped.await(Math.min(LONGEST_WAIT_SECONDS, 1L << tried), TimeUnit.SECONDS)) {
                    throw new IOException("it was not taken: " + e.getMessage(), e);
                }
                LOG.log(Level.WARNING, "evidence could not be sent; tried again", e);
            }
        }
    }
}
