package io.marsad.agent.guard;

import java.time.InstantSource;

/** So much a second, and ten seconds' worth at once. A clock that goes back gives nothing. Not thread-safe. */
final class TokenBucket {
    private static final int SECONDS_AT_ONCE = 10;

    private final double perSecond;
    private final InstantSource clock;
    private double tokens;
    private long last;

    TokenBucket(long perSecond, InstantSource clock) {
        this.perSecond = perSecond;
        this.clock = clock;
        tokens = this.perSecond * SECONDS_AT_ONCE;
        last = clock.millis();
    }

    boolean has(long wanted) {
        long now = clock.millis();
        tokens = Math.min(perSecond * SECONDS_AT_ONCE, tokens + Math.max(0, now - last) * perSecond / 1000);
        last = now;
        return tokens >= Math.min(wanted, perSecond * SECONDS_AT_ONCE); // what is larger than all of it goes alone
    }

    void take(long taken) {
        tokens -= taken;
    }
}
