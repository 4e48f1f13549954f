package io.marsad.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.ingest.intake.IntakeLimits.Kind;
import io.marsad.ingest.intake.IntakeLimits.Limit;
import io.marsad.kernel.tenant.TenantId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class IntakeLimitsTest {
    private static final TenantId A = new TenantId("aaa");
    private static final TenantId B = new TenantId("bbb");

    private final Map<TenantId, Limit> given = new HashMap<>();
    private final AtomicLong now = new AtomicLong(1_000_000);
    private final AtomicLong stored = new AtomicLong();
    private final IntakeLimits limits = new IntakeLimits(
            new IntakeLimits.Source() {
                @Override
                public boolean any() {
                    return !given.isEmpty();
                }

                @Override
                public Limit of(TenantId tenant) {
                    return given.getOrDefault(tenant, new Limit(true, 0, 0));
                }
            },
            _ -> stored.get(),
            () -> Instant.ofEpochMilli(now.get()));

    private IntakeLimits.Refusal refusal(TenantId tenant) {
        return Objects.requireNonNull(limits.refusal(tenant));
    }

    @Test
    void overTimeNobodySendsMoreThanTheQuota() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        given.put(A, new Limit(true, 100, 0));
        long taken = 0;
        int refused = 0;
        for (int i = 0; i < 20_000; i++) { // about 20 times the quota, in requests of any size
            if (limits.refusal(A) == null) {
                int records = 1 + random.nextInt(40);
                limits.charge(A, records);
                taken += records;
            } else {
                refused++;
            }
            assertThat(limits.refusal(B)).isNull();
            now.addAndGet(random.nextInt(20));
        }
        double perSecond = taken / ((now.get() - 1_000_000) / 1000.0);
        assertThat(perSecond).as("seed %s", seed).isBetween(90.0, 105.0);
        assertThat(limits.refused(A)).isEqualTo(refused);
        assertThat(limits.refused(B)).isZero();
    }

    @Test
    void whoIsRefusedIsToldWhenToComeAgain() {
        given.put(A, new Limit(true, 10, 0));
        assertThat(limits.refusal(A)).isNull();
        limits.charge(A, 120); // a large batch is taken and then waited for
        var refusal = refusal(A);
        assertThat(refusal.kind()).isEqualTo(Kind.EVENTS);
        assertThat(refusal.detail()).contains("10 events per second");
        assertThat(refusal.retryAfterMillis()).isEqualTo(10_100);
        now.addAndGet(refusal.retryAfterMillis());
        assertThat(limits.refusal(A)).isNull();
    }

    @Test
    void whatWasNotTakenIsGivenBack() {
        given.put(A, new Limit(true, 10, 0));
        assertThat(limits.refusal(A)).isNull();
        limits.charge(A, 1000);
        limits.charge(A, -1000);
        assertThat(limits.refusal(A)).isNull();
    }

    @Test
    void aChangedQuotaCountsFromNowOn() {
        given.put(A, new Limit(true, 1, 0));
        assertThat(limits.refusal(A)).isNull();
        limits.charge(A, 1001);
        assertThat(refusal(A).retryAfterMillis()).isEqualTo(1_000_000);
        given.put(A, new Limit(true, 1000, 0));
        assertThat(refusal(A).retryAfterMillis()).isEqualTo(1_000);
        given.remove(A);
        assertThat(limits.refusal(A)).isNull();
    }

    @Test
    void fullStorageAndSuspensionRefuse() {
        given.put(A, new Limit(true, 0, 1000));
        stored.set(999);
        assertThat(limits.refusal(A)).isNull();
        stored.set(1000);
        now.addAndGet(1_000); // it is looked at once a second
        assertThat(refusal(A).kind()).isEqualTo(Kind.STORAGE);
        given.put(A, new Limit(false, 0, 0));
        assertThat(refusal(A).kind()).isEqualTo(Kind.SUSPENDED);
    }

    @Test
    void theMeterTellsOfTheLastSeconds() {
        var meter = new Meter();
        for (int i = 0; i < 100; i++) {
            meter.add(10, i * 100L);
        }
        assertThat(meter.perSecond(10_000)).isBetween(90.0, 110.0);
        assertThat(meter.perSecond(25_000)).isZero();
        assertThat(meter.total()).isEqualTo(1000);
    }
}
