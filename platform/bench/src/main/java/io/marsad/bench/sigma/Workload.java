package io.marsad.bench.sigma;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.normalize.format.RecordFiles;
import io.marsad.normalize.format.RecordFormat;
import io.marsad.normalize.mapping.MappingSet;
import io.marsad.normalize.mapping.Normalizer;
import io.marsad.sigma.RuleSet;
import io.marsad.sigma.proof.RuleTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Events of real logs, normalized as the platform does it. */
final class Workload {
    /** So that no file is the whole stream. */
    private static final int MAX_PER_FILE = 2000;

    private static final int ROWS = 512;
    private static final TenantId TENANT = new TenantId("bench");

    private final List<EventBatch> mixed = new ArrayList<>();
    private final List<EventBatch> processCreation = new ArrayList<>();
    private final Normalizer normalizer;
    private int files;
    private int refused;

    private Workload(MappingSet mappings) {
        normalizer = new Normalizer(mappings);
    }

    /** Every log below the folders, at most so many events in all. */
    static Workload read(List<Path> folders, MappingSet mappings, int most) throws IOException {
        var workload = new Workload(mappings);
        for (Path folder : folders) {
            List<Path> files;
            try (var paths = Files.walk(folder)) {
                files = paths.filter(Files::isRegularFile).sorted().toList();
            }
            for (Path file : files) {
                if (count(workload.mixed) < most && RecordFiles.isLog(file)) {
                    workload.file(file);
                }
            }
        }
        return workload;
    }

    /** The samples beside the rules that are shipped: few, but events that anybody has. */
    static Workload samples(RuleSet rules, MappingSet mappings) throws IOException {
        var workload = new Workload(mappings);
        new RuleTests(rules, (format, record) -> {
                    var known = RecordFormat.of(format);
                    workload.add(
                            known == null ? RecordFormat.detect(record, 0, record.length) : known,
                            record,
                            0,
                            record.length);
                    return new EventBatch(TENANT);
                })
                .run();
        return workload;
    }

    private void file(Path file) throws IOException {
        var taken = new int[1];
        files++;
        try {
            RecordFiles.read(file, (format, bytes, offset, length) -> {
                if (taken[0]++ < MAX_PER_FILE) {
                    add(format, bytes, offset, length);
                }
            });
        } catch (IOException e) {
            refused++; // some of the logs are broken on purpose
        }
    }

    private void add(RecordFormat format, byte[] bytes, int offset, int length) {
        var record = new RecordBatch(TENANT, "bench", format.label(), 1_767_225_600_000L, length);
        record.add(new EventId(1, count(mixed)), (byte) 0, bytes, offset, length);
        var batch = last(mixed);
        if (normalizer.normalize(record, 0, batch) != null) {
            refused++;
            return;
        }
        int row = batch.rows() - 1;
        if ("process_creation".equals(batch.source(row).category())
                && "windows".equals(batch.source(row).product())) {
            last(processCreation).copyRow(batch, row);
        }
    }

    private static EventBatch last(List<EventBatch> batches) {
        if (batches.isEmpty() || batches.getLast().rows() == ROWS) {
            batches.add(new EventBatch(TENANT));
        }
        return batches.getLast();
    }

    static int count(List<EventBatch> batches) {
        return batches.stream().mapToInt(EventBatch::rows).sum();
    }

    /** All events, in the order of their files. */
    List<EventBatch> mixed() {
        return mixed;
    }

    /** Those of them that are Windows process creations. */
    List<EventBatch> processCreation() {
        return processCreation;
    }

    int files() {
        return files;
    }

    /** Records that are no events, and files that end in the middle. */
    int refused() {
        return refused;
    }
}
