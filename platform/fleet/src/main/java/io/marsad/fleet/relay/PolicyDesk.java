package io.marsad.fleet.relay;

import io.marsad.proto.agent.v1.PolicyReport;
import io.marsad.wire.EnvelopeRefused;
import io.marsad.wire.PeerId;
import io.marsad.wire.PolicyVerifier;
import io.marsad.wire.SignedPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The newest policy of each group, verified, on its way to the group's endpoints. Thread-safe. */
public final class PolicyDesk {
    private final PolicyVerifier verifier;
    private final Function<PeerId, String> groups;
    private final Reports reports;
    private final Map<String, Newest> newest = new HashMap<>();
    private final Map<Watcher, Served> watchers = new HashMap<>();

    /** Hears what became of policies. Called by several threads. */
    @FunctionalInterface
    public interface Reports {
        /** @param endpoint whose it is, whatever the report says */
        void heard(PeerId endpoint, PolicyReport report);
    }

    /** An endpoint that waits for the next, or a relay, which waits for those of all groups. */
    interface Watcher {
        void send(String envelope);
    }

    private record Newest(SignedPolicy policy, String envelope) {}

    /** @param group that it was in when it was looked at last; of a relay nothing */
    private record Served(PeerId peer, String group) {}

    /** @param groups in which an endpoint is */
    public PolicyDesk(PolicyVerifier verifier, Function<PeerId, String> groups, Reports reports) {
        this.verifier = verifier;
        this.groups = groups;
        this.reports = reports;
    }

    /**
     * Passes one on to the endpoints of its group, those that listen now and those that will.
     *
     * @param group that it is said to be for
     * @throws EnvelopeRefused when it is not to be passed on
     */
    public synchronized SignedPolicy offer(String group, String envelope) throws EnvelopeRefused {
        var held = newest.get(group);
        var policy = verifier.accept(envelope, held == null ? null : held.policy);
        if (!policy.group().equals(group)) {
            throw new EnvelopeRefused(EnvelopeRefused.Reason.OTHER_TARGET, "it is for another group");
        }
        if (held == null || policy.version() > held.policy.version()) {
            newest.put(group, new Newest(policy, envelope));
            Map.copyOf(watchers).forEach((watcher, served) -> {
                if (served.peer.kind() == PeerId.Kind.RELAY || served.group.equals(group)) {
                    watcher.send(envelope);
                }
            });
        }
        return policy;
    }

    /** Somebody may be in another group than before, or in one at all: it hears of that group's newest. */
    public synchronized void regroup() {
        Map.copyOf(watchers).forEach((watcher, served) -> {
            var group = groupOf(served.peer);
            if (!group.equals(served.group)) {
                watchers.put(watcher, new Served(served.peer, group));
                var known = newest.get(group);
                if (known != null) {
                    watcher.send(known.envelope);
                }
            }
        });
    }

    private String groupOf(PeerId peer) {
        return peer.kind() == PeerId.Kind.RELAY ? "" : groups.apply(peer);
    }

    /** @param version that an endpoint has; 0: none */
    synchronized void open(PeerId peer, long version, Watcher watcher) {
        var own = groupOf(peer);
        watchers.put(watcher, new Served(peer, own));
        var wanted = peer.kind() == PeerId.Kind.RELAY ? newest.keySet() : Set.of(own);
        for (var group : List.copyOf(wanted)) {
            var known = newest.get(group);
            if (known != null && known.policy.version() > version) {
                watcher.send(known.envelope);
            }
        }
    }

    synchronized void close(Watcher watcher) {
        watchers.remove(watcher);
    }

    /** The newest of each group. */
    public synchronized List<SignedPolicy> newest() {
        return newest.values().stream().map(Newest::policy).toList();
    }

    void report(PeerId endpoint, PolicyReport report) {
        reports.heard(endpoint, report);
    }
}
