package io.marsad.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.log.EventLog;
import io.marsad.kernel.log.LogFullException;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every event log does. An implementation's test extends this and says how one is opened. */
@SuppressWarnings("resource") // the subclass closes what it opened
public abstract class EventLogContract {
    protected static final Duration SOON = Duration.ofSeconds(20);
    protected static final Duration NOW = Duration.ZERO;

    /** An empty log with so many partitions that refuses when a partition has about so many unreleased bytes. */
    protected abstract EventLog open(int partitions, long maxBytes) throws Exception;

    /** The same log again, after {@link EventLog#close}. */
    protected abstract EventLog reopen() throws Exception;

    @Test
    void whatIsAppendedIsReadInOrder() throws Exception {
        var log = open(1, 64 << 20);
        assertThat(log.endOffset(0)).isZero();
        assertThat(log.append(TestRecords.batch("one", "two"))).isZero();
        var second = TestRecords.batch("three", "", "four äöü ☃");
        assertThat(log.append(second)).isEqualTo(2);
        assertThat(second.baseOffset()).isEqualTo(2);
        assertThat(log.endOffset(0)).isEqualTo(5);
        try (var reader = log.read(0, 0)) {
            var first = next(reader);
            assertThat(first.baseOffset()).isZero();
            assertThat(TestRecords.describe(first)).isEqualTo(TestRecords.describe(TestRecords.batch("one", "two")));
            assertThat(reader.position()).isEqualTo(2);
            assertThat(TestRecords.describe(next(reader))).isEqualTo(TestRecords.describe(second));
            assertThat(reader.position()).isEqualTo(5);
            assertThat(reader.poll(NOW)).isNull();
        }
    }

    @Test
    void aReaderStartsAtTheBatchThatHoldsItsOffset() throws Exception {
        var log = open(1, 64 << 20);
        log.append(TestRecords.batch("0", "1", "2"));
        log.append(TestRecords.batch("3"));
        for (long from : new long[] {-5, 0, 1, 2}) {
            try (var reader = log.read(0, from)) {
                assertThat(TestRecords.texts(next(reader))).containsExactly("0", "1", "2");
            }
        }
        try (var reader = log.read(0, 3)) {
            assertThat(TestRecords.texts(next(reader))).containsExactly("3");
        }
        try (var reader = log.read(0, 99)) {
            assertThat(reader.poll(NOW)).isNull();
            assertThat(reader.position()).isEqualTo(4);
        }
    }

    @Test
    void aWaitingReaderWakesUp() throws Exception {
        var log = open(1, 64 << 20);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var reader = log.read(0, 0)) {
            var waiting = new CountDownLatch(1);
            Future<RecordBatch> got = threads.submit(() -> {
                waiting.countDown();
                return next(reader);
            });
            waiting.await();
            log.append(TestRecords.batch("hello"));
            assertThat(TestRecords.texts(got.get())).containsExactly("hello");
        }
    }

    @Test
    void allThatManyAppendIsThereOnceAndInEachOnesOrder() throws Exception {
        var log = open(1, 64 << 20);
        int threads = 16;
        int each = 40;
        var offsets = new HashMap<String, Long>();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Callable<Void>>();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                all.add(() -> {
                    for (int i = 0; i < each; i++) {
                        var name = thread + "/" + i;
                        long offset = log.append(TestRecords.batch(name, name + "b"));
                        synchronized (offsets) {
                            offsets.put(name, offset);
                        }
                    }
                    return null;
                });
            }
            for (var done : pool.invokeAll(all)) {
                done.get();
            }
        }
        var lastOf = new HashMap<String, Integer>();
        long expected = 0;
        try (var reader = log.read(0, 0)) {
            for (int i = 0; i < threads * each; i++) {
                var batch = next(reader);
                var name = TestRecords.text(batch, 0);
                assertThat(batch.baseOffset()).isEqualTo(expected).isEqualTo(offsets.remove(name));
                expected += batch.size();
                int number = Integer.parseInt(name.substring(name.indexOf('/') + 1));
                var before = lastOf.put(name.substring(0, name.indexOf('/')), number);
                assertThat(number).isEqualTo(before == null ? 0 : before + 1);
            }
            assertThat(reader.poll(NOW)).isNull();
        }
        assertThat(offsets).isEmpty();
    }

    @Test
    void aTenantStaysInItsPartition() throws Exception {
        var log = open(4, 64 << 20);
        var used = new HashSet<Integer>();
        for (int i = 0; i < 40; i++) {
            var tenant = new TenantId("tenant-" + i);
            int partition = log.partitionOf(tenant);
            assertThat(partition).isBetween(0, 3).isEqualTo(log.partitionOf(tenant));
            long offset = log.append(TestRecords.batch(tenant, List.of("x" + i)));
            try (var reader = log.read(partition, offset)) {
                var batch = next(reader);
                assertThat(batch.tenant()).isEqualTo(tenant);
                assertThat(TestRecords.texts(batch)).containsExactly("x" + i);
            }
            used.add(partition);
        }
        assertThat(used).hasSize(4);
    }

    @Test
    void itIsAllThereAfterReopening() throws Exception {
        var log = open(1, 64 << 20);
        for (int i = 0; i < 50; i++) {
            log.append(TestRecords.batch("a" + i, "b" + i));
        }
        log.close();
        var again = reopen();
        assertThat(again.endOffset(0)).isEqualTo(100);
        assertThat(again.damage()).isEmpty();
        again.append(TestRecords.batch("new"));
        assertThat(all(again, 0)).hasSize(101).startsWith("a0", "b0").endsWith("a49", "b49", "new");
    }

    @Test
    void aFullLogRefusesAndGoesOnWhenReleased() throws Exception {
        var log = open(1, 1 << 20);
        var text = "x".repeat(10_000);
        long accepted = 0;
        LogFullException full = null;
        while (full == null && accepted < 1000) {
            try {
                log.append(TestRecords.batch(text));
                accepted++;
            } catch (LogFullException e) {
                full = e;
            }
        }
        assertThat(Objects.requireNonNull(full).retryAfterMillis()).isPositive();
        assertThat(accepted).isBetween(50L, 105L);
        assertThat(log.endOffset(0)).isEqualTo(accepted);
        assertThat(all(log, 0)).hasSize((int) accepted);
        log.release(0, accepted);
        long offset = log.append(TestRecords.batch("after"));
        assertThat(offset).isEqualTo(accepted);
        assertThat(log.firstOffset(0)).isPositive();
        try (var reader = log.read(0, 0)) {
            assertThat(next(reader).baseOffset()).isEqualTo(log.firstOffset(0));
        }
    }

    /** The next batch, which has to come. */
    protected static RecordBatch next(EventLog.Reader reader) throws IOException, InterruptedException {
        return Objects.requireNonNull(reader.poll(SOON), "a batch within " + SOON);
    }

    /** The texts of all records. */
    protected static List<String> all(EventLog log, int partition) throws IOException, InterruptedException {
        var texts = new ArrayList<String>();
        try (var reader = log.read(partition, 0)) {
            for (var batch = reader.poll(NOW); batch != null; batch = reader.poll(NOW)) {
                texts.addAll(TestRecords.texts(batch));
            }
        }
        return texts;
    }
}
