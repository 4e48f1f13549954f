package io.marsad.testkit;

import io.marsad.kernel.log.EventLog;
import io.marsad.store.disk.Disk;
import io.marsad.store.log.LogConfig;
import io.marsad.store.log.SegmentLog;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The segment log on the real disk does what every event log does. */
@NullUnmarked
final class SegmentLogContractTest extends EventLogContract {
    @TempDir
    Path folder;

    private LogConfig config;
    private EventLog log;

    @Override
    protected EventLog open(int partitions, long maxBytes) throws IOException {
        config = LogConfig.in(folder)
                .withPartitions(partitions)
                .withMaxBytes(maxBytes)
                .withReserveBytes(0)
                .withoutRetention();
        return reopen();
    }

    @Override
    protected EventLog reopen() throws IOException {
        log = SegmentLog.open(config, Disk.real(), InstantSource.system(), new SecureRandom(), p -> 0);
        return log;
    }

    @AfterEach
    void close() throws IOException {
        if (log != null) {
            log.close();
        }
    }
}
