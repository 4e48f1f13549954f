package io.marsad.uplink;

import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A call that stays open and brings what is new; begun again when it ends, later and later as long as nothing comes. Used by
 * several threads.
 */
public abstract class Watch<Q, A> {
    private static final Logger LOG = System.getLogger(Watch.class.getName());
    private static final long LEAST = 1_000;
    private static final long MOST = 60_000;

    private @Nullable Listening listening;
    private @Nullable Channel by;
    private long wait = LEAST;
    private long next;

    /** Begins the call. */
    protected abstract void begin(Channel channel, ClientResponseObserver<Q, A> answers);

    /** What came; the same may come again. */
    protected abstract void heard(A message);

    /** Sees that the call is open. Often. */
    public final synchronized void look(Channel channel, long now) {
        if (listening != null && by == channel) {
            return;
        }
        if (listening != null) {
            end(); // another certificate is shown from now on
            next = 0;
        }
        if (now >= next) {
            by = channel;
            var fresh = new Listening(now);
            listening = fresh;
            begin(channel, fresh);
        }
    }

    public final synchronized void end() {
        var open = listening;
        listening = null;
        if (open != null && open.call != null) {
            open.call.cancel("it is not used any more", null);
        }
    }

    private synchronized void ended(Listening which, @Nullable Throwable why) {
        if (listening == which) {
            listening = null;
            next = which.begun + ThreadLocalRandom.current().nextLong(wait / 2, wait + 1);
            wait = Math.min(MOST, wait * 2);
            LOG.log(Level.DEBUG, "a call has ended and is begun again", why);
        }
    }

    private synchronized void came(Listening from) {
        if (listening == from) {
            wait = LEAST;
        }
    }

    private final class Listening implements ClientResponseObserver<Q, A> {
        private final long begun;
        private volatile @Nullable ClientCallStreamObserver<Q> call;

        private Listening(long begun) {
            this.begun = begun;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<Q> stream) {
            call = stream;
        }

        @Override
        public void onNext(A message) {
            came(this);
            heard(message);
        }

        @Override
        public void onError(Throwable failed) {
            ended(this, failed);
        }

        @Override
        public void onCompleted() {
            ended(this, null);
        }
    }
}
