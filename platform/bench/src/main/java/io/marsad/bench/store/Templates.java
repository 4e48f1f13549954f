package io.marsad.bench.store;

import io.marsad.bench.diff.RealData;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Real events, normalized as the platform does it, some of each file: what the stream is made of. */
final class Templates {
    static final TenantId TENANT = new TenantId("bench");

    private static final int MOST_OF_A_FILE = 150;
    private static final int LONGEST = 32 << 10;
    /** Events with a field that fewer have are left out: an index of one store is not made of hundreds of products. */
    private static final int COMMON = 30;

    private final Normalizer normalizer;
    private final EventBatch batch = new EventBatch(TENANT);

    private Templates(MappingSet mappings) {
        normalizer = new Normalizer(mappings);
    }

    static EventBatch of(RealData data, MappingSet mappings, RuleSet rules) throws IOException {
        var templates = new Templates(mappings);
        if (data.isThere()) {
            for (var file : data.logs()) {
                var taken = new int[1];
                try {
                    RecordFiles.read(file, (format, bytes, offset, length) -> {
                        if (length <= LONGEST && taken[0]++ < MOST_OF_A_FILE) {
                            templates.add(format, bytes, offset, length);
                        }
                    });
                } catch (IOException e) {
                    continue; // some of the logs are broken on purpose
                }
            }
        } else {
            new RuleTests(rules, (format, record) -> {
                        var known = RecordFormat.of(format);
                        templates.add(
                                known == null ? RecordFormat.detect(record, 0, record.length) : known,
                                record,
                                0,
                                record.length);
                        return new EventBatch(TENANT);
                    })
                    .run();
        }
        return templates.mixed();
    }

    /** Takes some events at a time, to be kept no longer than the call. */
    interface Sink {
        void take(EventBatch events) throws IOException;
    }

    /** All events of the folder's logs, each once, as they stand in them; times of receipt go on by themselves. */
    static void each(RealData data, MappingSet mappings, Sink sink) throws IOException {
        var all = new Templates(mappings);
        var records = new long[1];
        for (var file : data.logs()) {
            try {
                RecordFiles.read(file, (format, bytes, offset, length) -> {
                    var record =
                            new RecordBatch(TENANT, "bench", format.label(), EventStream.START + records[0], length);
                    record.add(new EventId(1, records[0]), (byte) 0, bytes, offset, length);
                    record.appendedAt(records[0]++);
                    all.normalizer.normalize(record, 0, all.batch);
                    if (all.batch.rows() >= 500) {
                        sink.take(all.batch);
                        all.batch.clear();
                    }
                });
            } catch (IOException e) {
                continue; // some of the logs are broken on purpose
            }
        }
        if (all.batch.rows() > 0) {
            sink.take(all.batch);
        }
    }

    private void add(RecordFormat format, byte[] bytes, int offset, int length) {
        var record =
                new RecordBatch(TENANT, WorkerPass.origin(format.label()), format.label(), EventStream.START, length);
        record.add(new EventId(1, batch.rows()), (byte) 0, bytes, offset, length);
        normalizer.normalize(record, 0, batch); // what is no event is dropped
    }

    /** Sources take turns in a stream, as they do in life: some events of one, then some of another. */
    private EventBatch mixed() {
        var rowsOf = new HashMap<Integer, Integer>();
        for (int e = 0; batch.rows() > 0 && e < batch.end(batch.rows() - 1); e++) {
            rowsOf.merge(batch.field(e), 1, Integer::sum);
        }
        var runs = new ArrayList<List<Integer>>();
        for (int row = 0; row < batch.rows(); row++) {
            if (IntStream.range(batch.first(row), batch.end(row))
                    .anyMatch(e -> rowsOf.getOrDefault(batch.field(e), 0) < COMMON)) {
                continue;
            }
            if (runs.isEmpty() || runs.getLast().size() == 8) {
                runs.add(new ArrayList<>());
            }
            runs.getLast().add(row);
        }
        Collections.shuffle(runs, new Random(1));
        var mixed = new EventBatch(TENANT);
        runs.forEach(run -> run.forEach(row -> mixed.copyRow(batch, row)));
        return mixed;
    }
}
