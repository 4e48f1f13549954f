package io.marsad.fleet.relay;

import io.marsad.proto.agent.v1.ActionReport;
import io.marsad.wire.EnvelopeRefused;
import io.marsad.wire.PeerId;
import io.marsad.wire.SignedAction;
import io.marsad.wire.Verifier;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Actions on their way to endpoints. Nothing gets in that is not signed for one of them, now, and for the first time; what
 * waits for an endpoint that is not there is forgotten when its time is over. Thread-safe.
 */
public final class ActionDesk {
    /** That wait for one endpoint. */
    private static final int MOST_WAITING = 100;

    private final Verifier verifier;
    private final Reports reports;
    private final Presence presence;
    private final InstantSource clock;
    private final Map<UUID, Deque<Waiting>> waiting = new HashMap<>();
    private final Map<UUID, Line> lines = new HashMap<>(); // of whoever calls: endpoints and relays
    private final Map<UUID, UUID> relays = new HashMap<>(); // by endpoint

    /** Hears what endpoints say of actions. Called by several threads. */
    @FunctionalInterface
    public interface Reports {
        void heard(PeerId endpoint, ActionReport report);
    }

    /** Hears who listens, and who does no more. Called while the desk is held: it does not wait for anything. */
    @FunctionalInterface
    public interface Presence {
        void changed(UUID caller, boolean there);
    }

    /** The way to an endpoint that listens, or to a relay that does so for those that are connected to it. */
    interface Line {
        /** @return false when it is gone */
        boolean send(String envelope);
    }

    private record Waiting(String envelope, Instant until) {}

    /** @param verifier of the tenant, for the endpoints of this relay, with a memory that lasts */
    public ActionDesk(Verifier verifier, Reports reports, InstantSource clock) {
        this(verifier, reports, (_, _) -> {}, clock);
    }

    /** @param presence is told who listens */
    public ActionDesk(Verifier verifier, Reports reports, Presence presence, InstantSource clock) {
        this.verifier = verifier;
        this.reports = reports;
        this.presence = presence;
        this.clock = clock;
    }

    /**
     * Passes one on, now or when its endpoint listens.
     *
     * @throws EnvelopeRefused when it is not to be passed on
     * @throws IllegalStateException when too many wait for the endpoint
     */
    public SignedAction offer(String envelope) throws EnvelopeRefused {
        var action = verifier.accept(envelope);
        var endpoint = UUID.fromString(action.target());
        synchronized (this) {
            var line = line(endpoint);
            if (line != null && line.send(envelope)) {
                return action;
            }
            var queue = waiting.computeIfAbsent(endpoint, _ -> new ArrayDeque<>());
            forgetLate(queue);
            if (queue.stream().anyMatch(one -> one.envelope.equals(envelope))) {
                return action; // offered again
            }
            if (queue.size() == MOST_WAITING) {
                throw new IllegalStateException("too many actions wait for the endpoint");
            }
            queue.add(new Waiting(envelope, action.expiresAt()));
        }
        return action;
    }

    private void forgetLate(Deque<Waiting> queue) {
        var now = clock.instant();
        queue.removeIf(one -> !now.isBefore(one.until));
    }

    private @Nullable Line line(UUID endpoint) {
        var own = lines.get(endpoint);
        var relay = relays.get(endpoint);
        return own != null || relay == null ? own : lines.get(relay);
    }

    /** An endpoint or a relay listens from now on, instead of whoever did for it before. */
    synchronized void open(UUID caller, Line line) {
        lines.put(caller, line);
        presence.changed(caller, true);
        List.copyOf(waiting.keySet()).forEach(endpoint -> {
            if (line(endpoint) == line) {
                send(endpoint, line);
            }
        });
    }

    synchronized void close(UUID caller, Line line) {
        if (lines.remove(caller, line)) {
            presence.changed(caller, false);
        }
    }

    /** An endpoint is connected to a relay, which listens for it, too. */
    synchronized void connected(UUID endpoint, UUID relay) {
        relays.put(endpoint, relay);
        var line = line(endpoint);
        if (line != null) {
            send(endpoint, line);
        }
    }

    /** It is not, any more; to another it may be. */
    synchronized void disconnected(UUID endpoint, UUID relay) {
        relays.remove(endpoint, relay);
    }

    /** None is connected to it, as far as is known. */
    synchronized void forget(UUID relay) {
        relays.values().removeIf(relay::equals);
    }

    private void send(UUID endpoint, Line line) {
        var queue = waiting.remove(endpoint);
        if (queue == null) {
            return;
        }
        forgetLate(queue);
        List<Waiting> left = new ArrayList<>();
        queue.forEach(one -> {
            if (!line.send(one.envelope)) {
                left.add(one);
            }
        });
        if (!left.isEmpty()) {
            waiting.put(endpoint, new ArrayDeque<>(left));
        }
    }

    void report(PeerId endpoint, ActionReport report) {
        reports.heard(endpoint, report);
    }

    /** How many wait for an endpoint. */
    synchronized int waiting(UUID endpoint) {
        @Nullable Deque<Waiting> queue = waiting.get(endpoint);
        return queue == null ? 0 : queue.size();
    }
}
