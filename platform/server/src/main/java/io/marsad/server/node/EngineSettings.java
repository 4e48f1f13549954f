package io.marsad.server.node;

import io.marsad.ingest.worker.WorkerConfig;
import io.marsad.server.config.Config;
import io.marsad.store.log.LogConfig;
import io.marsad.store.segment.SegmentStore;

/** What the configuration says to the event log, the event store and the worker; the rest is as they have it. */
final class EngineSettings {
    private EngineSettings() {}

    static SegmentStore.Options store(Config config) {
        var standard = SegmentStore.Options.standard();
        return new SegmentStore.Options(
                config.store().openBytes(), standard.segmentBytes(), standard.cacheBytes(), standard.upkeepShare());
    }

    static LogConfig log(Config config) {
        var standard = LogConfig.in(config.data().resolve("log"));
        return new LogConfig(
                standard.folder(),
                1,
                config.log().capacityBytes(),
                config.log().segmentBytes(),
                standard.retainBytes(),
                config.log().keep(),
                standard.reserveBytes());
    }

    static WorkerConfig worker(Config config) {
        var standard = WorkerConfig.standard();
        return new WorkerConfig(
                standard.groupRows(),
                standard.groupBytes(),
                standard.checkpointBytes(),
                config.store().checkpoint(),
                standard.dedupeFor(),
                standard.dedupeMost());
    }
}
