package io.marsad.ingest.intake;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.log.EventLog;
import io.marsad.kernel.log.LogFullException;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Takes records in. Whatever returns normally is durable: it will become an event, a dead letter or be recognised as
 * sent before. What a record must not have is replaced first, see {@link Secrets}.
 *
 * <p>Every method that appends throws {@link LogFullException} when the log has no room (the sender is told to come
 * again, HTTP 429 with Retry-After) and {@link IOException} when the log is broken (HTTP 503); nothing is taken then.
 *
 * <p>Thread-safe.
 */
public final class Intake {
    /** The longest record, bytes. */
    public static final int MAX_RECORD = 1 << 20;
    /** The most records of one batch. */
    public static final int MAX_RECORDS = 10_000;
    /** The most bytes of one batch. */
    public static final int MAX_BATCH = 16 << 20;

    private final EventLog log;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final IntakeLimits limits;
    private final ConcurrentMap<TenantId, Meter> appended = new ConcurrentHashMap<>();

    /** @param random not to be guessed: ids of records are made with it; used by one thread at a time */
    public Intake(EventLog log, InstantSource clock, RandomGenerator random) {
        this(log, clock, random, IntakeLimits.none());
    }

    /** @param limits what doors ask first, and what is told of all that was taken */
    public Intake(EventLog log, InstantSource clock, RandomGenerator random, IntakeLimits limits) {
        this.log = log;
        this.limits = limits;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Begins a batch of one format.
     *
     * @param format a record format's name, or {@code auto}
     * @param key the sender's key for this batch, or null: the same key gives the same ids again, so that a batch that is
     *     sent twice is stored once
     * @param synthetic made by a generator
     */
    public IntakeBatch begin(Sender sender, String format, @Nullable String key, boolean synthetic) {
        return begin(sender, format, key, synthetic, 4096);
    }

    /** @param expectedBytes how long the records will be together, as far as that is known: memory is taken at once */
    public IntakeBatch begin(Sender sender, String format, @Nullable String key, boolean synthetic, int expectedBytes) {
        return new IntakeBatch(this, sender, format, key, synthetic, expectedBytes);
    }

    /**
     * One event in the canonical form.
     *
     * @param key the sender's key, or null: then its {@code event_id}, if it has one, is the key
     * @throws io.marsad.kernel.problem.ProblemException 400 with every fault, 413 when it is too long
     */
    public EventId event(Sender sender, byte[] body, @Nullable String key) throws IOException, LogFullException {
        var fault = new CanonicalCheck().check(body, 0, body.length).problem();
        if (fault != null) {
            throw fault.asException();
        }
        return one(begin(sender, "canonical", null, false), body, 0, body.length, key);
    }

    /**
     * One Falco alert, as Falco, Falcosidekick or its WebUI envelope has it.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 when it is no JSON object, 413 when it is too long
     */
    public EventId falco(Sender sender, byte[] body) throws IOException, LogFullException {
        var alert = FalcoAlert.find(body);
        return one(begin(sender, "falco", null, false), body, alert.from(), alert.to() - alert.from(), alert.uuid());
    }

    private static EventId one(IntakeBatch batch, byte[] body, int from, int length, @Nullable String key)
            throws IOException, LogFullException {
        if (length > MAX_RECORD) {
            throw Problem.tooLarge("A record has at most 1 MiB.").asException();
        }
        batch.add(body, from, length, key);
        var result = batch.commit();
        if (!result.errors().isEmpty()) {
            var error = result.errors().getFirst();
            throw new Problem(
                            "invalid-event",
                            400,
                            "Bad request",
                            "The event was not taken.",
                            List.of(new Problem.Fault("", error.reason())))
                    .asException();
        }
        return result.ids().getFirst();
    }

    /** Records of the tenant that were made durable since the start. */
    public long appended(TenantId tenant) {
        var count = appended.get(tenant);
        return count == null ? 0 : count.total();
    }

    /** Records of the tenant a second, over the last five to ten. */
    public double perSecond(TenantId tenant) {
        var count = appended.get(tenant);
        return count == null ? 0 : count.perSecond(clock.millis());
    }

    /** Why the tenant may send nothing now, or null when it may: to be asked before its records are looked at. */
    public IntakeLimits.@Nullable Refusal refusal(TenantId tenant) {
        return limits.refusal(tenant);
    }

    EventLog log() {
        return log;
    }

    long now() {
        return clock.millis();
    }

    /** Two batches that begin at once must not get the same: their records would have the same ids. */
    long seed() {
        synchronized (random) {
            return random.nextLong();
        }
    }

    void count(TenantId tenant, int records) {
        appended.computeIfAbsent(tenant, _ -> new Meter()).add(records, clock.millis());
        limits.charge(tenant, records);
    }
}
