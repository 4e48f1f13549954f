package io.marsad.ingest.follow;

import io.marsad.ingest.intake.Intake;
import io.marsad.ingest.intake.IntakeBatch;
import io.marsad.ingest.intake.Sender;
import io.marsad.kernel.log.LogFullException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Lines on their way into the log, each keyed by its place. One thread uses it. */
final class Lines {
    static final int MOST = 1000;

    private final Intake intake;
    private final Sender sender;
    private final CountDownLatch closed;
    private final AtomicLong sent;
    private @Nullable IntakeBatch batch;
    private int count;

    Lines(Intake intake, Sender sender, CountDownLatch closed, AtomicLong sent) {
        this.intake = intake;
        this.sender = sender;
        this.closed = closed;
        this.sent = sent;
    }

    void add(byte[] bytes, int offset, int length, String place) {
        var open = batch;
        if (open == null) {
            open = intake.begin(sender, "syslog", null, false);
            batch = open;
        }
        open.add(bytes, offset, Math.min(length, Intake.MAX_RECORD), sender.origin() + "@" + place);
        count++;
    }

    boolean full() {
        return count >= MOST;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Returns true when they are durable; false when the follower was closed before that. */
    boolean send() throws IOException, InterruptedException {
        var open = batch;
        if (open == null) {
            return true;
        }
        while (true) {
            var refusal = intake.refusal(sender.tenant());
            if (refusal != null) {
                if (closed.await(refusal.retryAfterMillis(), TimeUnit.MILLISECONDS)) {
                    return false;
                }
                continue;
            }
            try {
                sent.addAndGet(open.commit().accepted());
                break;
            } catch (LogFullException e) {
                if (closed.await(e.retryAfterMillis(), TimeUnit.MILLISECONDS)) {
                    return false;
                }
            } catch (IOException e) {
                forget(); // read again later, from the bookmark
                throw e;
            }
        }
        forget();
        return true;
    }

    private void forget() {
        batch = null;
        count = 0;
    }
}
