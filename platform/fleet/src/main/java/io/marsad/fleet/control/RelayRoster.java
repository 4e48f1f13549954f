package io.marsad.fleet.control;

import com.google.protobuf.ByteString;
import io.marsad.fleet.EnrollSecret.Purpose;
import io.marsad.fleet.control.Roster.Entry;
import io.marsad.fleet.control.Sightings.Lost;
import io.marsad.fleet.relay.RelayDesk;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.proto.agent.v1.RelayState;
import io.marsad.proto.agent.v1.RosterEntry;
import io.marsad.wire.PeerId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the relays of a tenant whom they may speak with, all of it first and then what changes, and hears how they are. Thread-safe. */
public final class RelayRoster implements RelayDesk {
    private static final Logger LOG = LoggerFactory.getLogger(RelayRoster.class);

    private final TenantId tenant;
    private final Rosters rosters;
    private final Sightings sightings;
    private final InstantSource clock;
    private final ConcurrentMap<Attending, PeerId> attending = new ConcurrentHashMap<>();

    public RelayRoster(TenantId tenant, Rosters rosters, Sightings sightings, InstantSource clock) {
        this.tenant = tenant;
        this.rosters = rosters;
        this.sightings = sightings;
        this.clock = clock;
    }

    @Override
    public Attendance attend(PeerId relay, Line line) {
        var one = new Attending(relay.id(), line);
        attending.put(one, relay);
        one.tell(true);
        return one;
    }

    /** Tells what has changed since it was told last. Often. */
    public void look() {
        attending.keySet().forEach(one -> one.tell(false));
    }

    private final class Attending implements Attendance {
        private final UUID relay;
        private final Line line;
        private Map<UUID, RosterEntry> told = new HashMap<>();

        private Attending(UUID relay, Line line) {
            this.relay = relay;
            this.line = line;
        }

        private synchronized void tell(boolean whole) {
            var now = entries();
            List<RosterEntry> changed = new ArrayList<>();
            now.forEach((id, entry) -> {
                if (!entry.equals(told.get(id))) {
                    changed.add(entry);
                }
            });
            told.forEach((id, before) -> {
                if (!now.containsKey(id)) { // it was forgotten: it is let in no more
                    changed.add(before.toBuilder().setRevoked(true).build());
                }
            });
            if (whole || !changed.isEmpty()) {
                var roster = io.marsad.proto.agent.v1.Roster.newBuilder()
                        .setWhole(whole)
                        .addAllEndpoints(changed)
                        .build();
                if (!line.send(roster)) {
                    attending.remove(this);
                }
            }
            told = now;
        }

        @Override
        public void heard(RelayState state) {
            var lost = new Lost(state.getLost().getRecords(), state.getLost().getBytes());
            sightings.heard(tenant, relay, lost, state.getWaitingRecords(), state.getWaitingBytes());
            for (var endpoint : state.getConnectedList()) {
                try {
                    sightings.through(tenant, UUID.fromString(endpoint), relay);
                } catch (IllegalArgumentException e) {
                    LOG.warn("relay {} names an endpoint that is none", relay, e);
                }
            }
        }

        @Override
        public void close() {
            attending.remove(this);
        }
    }

    private Map<UUID, RosterEntry> entries() {
        var now = clock.instant();
        Map<UUID, RosterEntry> all = new HashMap<>();
        rosters.of(tenant).entries().forEach((id, entry) -> {
            if (entry.kind() == Purpose.AGENT) {
                all.put(id, told(id, entry, now));
            }
        });
        return all;
    }

    private static RosterEntry told(UUID id, Entry entry, java.time.Instant now) {
        var told = RosterEntry.newBuilder()
                .setEndpointId(id.toString())
                .setGroup(entry.group())
                .setRevoked(entry.revoked());
        if (!entry.isRenewed(now)) { // else both are good for a while
            told.setCertificateHash(ByteString.copyFrom(entry.good()));
        }
        return told.build();
    }
}
