package io.marsad.fleet.boundary;

import com.google.protobuf.InvalidProtocolBufferException;
import io.marsad.kernel.log.LogFullException;
import io.marsad.proto.agent.v1.Batch;
import io.marsad.uplink.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Batches that the control plane did not take, although it answered: kept on disk, so that those behind them go on, and
 * tried again when the relay begins the next time. Thread-safe.
 */
final class SetAside {
    private static final Logger LOG = LoggerFactory.getLogger(SetAside.class);
    private static final long MOST_BYTES = 256L << 20;

    private final Path folder;
    private final AtomicLong records = new AtomicLong();
    private long bytes;

    private SetAside(Path folder) {
        this.folder = folder;
    }

    static SetAside open(Path folder) throws IOException {
        Files.createDirectories(folder);
        return new SetAside(folder);
    }

    /** Puts back what was set aside before. */
    synchronized void takeBack(RelaySpool spool) throws IOException {
        try (var files = Files.newDirectoryStream(folder, "*.batch")) {
            for (var file : files) {
                try {
                    spool.again(Batch.parseFrom(Files.readAllBytes(file)));
                    Files.delete(file);
                } catch (InvalidProtocolBufferException e) {
                    LOG.error("{} is no batch, and stays where it is", file, e);
                } catch (LogFullException e) {
                    LOG.warn("there is no room for what was set aside; it stays there for now", e);
                    return;
                }
            }
        }
    }

    /** @return false when there is no more room for it */
    synchronized boolean put(Batch batch) throws IOException {
        var content = batch.toByteArray();
        if (bytes + content.length > MOST_BYTES) {
            return false;
        }
        DurableFile.replace(folder.resolve(UUID.randomUUID() + ".batch"), content);
        bytes += content.length;
        records.addAndGet(batch.getRecordsCount());
        return true;
    }

    /** That were set aside since the relay began. */
    long records() {
        return records.get();
    }
}
