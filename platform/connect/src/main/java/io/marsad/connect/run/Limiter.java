package io.marsad.connect.run;

import io.marsad.connect.manifest.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;

/** How many requests an account may make: a bucket that fills evenly, and so many at once. Thread-safe. */
final class Limiter {
    private final ReentrantLock lock = new ReentrantLock();
    private final Manifest.Limits limits;
    private double tokens;
    private Instant filled;
    private int running;

    Limiter(Manifest.Limits limits, Instant now) {
        this.limits = limits;
        this.tokens = limits.requestsPerMinute();
        this.filled = now;
    }

    Manifest.Limits limits() {
        return limits;
    }

    /** Takes a place, to be given back by {@link #leave}; or says how long there is none. */
    Duration enter(Instant now) {
        lock.lock();
        try {
            if (now.isAfter(filled)) {
                double minutes = Duration.between(filled, now).toMillis() / 60_000.0;
                tokens = Math.min(limits.requestsPerMinute(), tokens + minutes * limits.requestsPerMinute());
                filled = now;
            }
            if (running >= limits.concurrency()) {
                return Duration.ofSeconds(1);
            }
            if (tokens < 1) {
                return Duration.ofMillis((long) Math.ceil((1 - tokens) * 60_000 / limits.requestsPerMinute()));
            }
            tokens--;
            running++;
            return Duration.ZERO;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            running--;
        } finally {
            lock.unlock();
        }
    }
}
