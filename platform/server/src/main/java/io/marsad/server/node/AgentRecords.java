package io.marsad.server.node;

import io.marsad.db.DatabaseException;
import io.marsad.fleet.EnrollSecret.Purpose;
import io.marsad.fleet.control.Roster.Entry;
import io.marsad.fleet.control.Rosters;
import io.marsad.fleet.control.Sightings;
import io.marsad.fleet.control.Sightings.Lost;
import io.marsad.fleet.relay.TelemetrySink;
import io.marsad.ingest.intake.Intake;
import io.marsad.ingest.intake.IntakeBatch;
import io.marsad.ingest.intake.Sender;
import io.marsad.kernel.log.LogFullException;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.normalize.format.RecordFormat;
import io.marsad.proto.agent.v1.Batch;
import io.marsad.wire.PeerId;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes what agents collected into the event log. A record is known by its endpoint, spool and number: one that comes again
 * is the same event. Thread-safe.
 */
final class AgentRecords implements TelemetrySink {
    private static final Logger LOG = LoggerFactory.getLogger(AgentRecords.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern SPOOL = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final int LONGEST_WAIT = 60_000;
    private static final int MOST_KNOWN = 100_000;

    private final Intake intake;
    private final Rosters rosters;
    private final Sightings sightings;
    private final Map<UUID, Kept> kept = new ConcurrentHashMap<>();

    /** How far the newest spool of an endpoint is in the log, as far as this process knows. */
    private record Kept(String spool, long through) {}

    AgentRecords(Intake intake, Rosters rosters, Sightings sightings) {
        this.intake = intake;
        this.rosters = rosters;
        this.sightings = sightings;
    }

    @Override
    public Outcome take(PeerId endpoint, Batch batch) throws IOException {
        var tenant = new TenantId(endpoint.tenant());
        var spool = batch.getSpoolId();
        if (!SPOOL.matcher(spool).matches()) {
            throw new IOException("the spool of " + endpoint.uri() + " has no name that could be kept");
        }
        long first = batch.getFirst();
        var refusal = intake.refusal(tenant);
        if (refusal != null) {
            return new Outcome(first - 1, millis(refusal.retryAfterMillis()));
        }
        var who = rosters.of(tenant).entries().get(endpoint.id());
        var entry = who == null ? rosters.find(tenant, endpoint.id()) : who;
        if (entry == null || entry.revoked() || entry.kind() != Purpose.AGENT) {
            LOG.warn("a relay brings records of {}, who is not let in; they are not kept", endpoint.uri());
            return new Outcome(first + batch.getRecordsCount() - 1, 0);
        }
        long last = first + batch.getRecordsCount() - 1;
        var known = kept.get(endpoint.id());
        long from = known != null && known.spool.equals(spool) ? Math.max(first, known.through + 1) : first;
        try {
            append(tenant, entry, endpoint.id(), batch, from);
        } catch (LogFullException e) {
            return new Outcome(first - 1, millis(e.retryAfterMillis()));
        } catch (DatabaseException e) {
            throw new IOException("the database does not answer", e);
        }
        if (kept.size() >= MOST_KNOWN) {
            kept.clear(); // what comes again is found in the store
        }
        kept.merge(endpoint.id(), new Kept(spool, last), AgentRecords::further);
        sightings.heard(
                tenant,
                endpoint.id(),
                new Lost(batch.getLost().getRecords(), batch.getLost().getBytes()));
        return new Outcome(last, 0);
    }

    private static Kept further(Kept before, Kept now) {
        return before.spool.equals(now.spool) && before.through > now.through ? before : now;
    }

    private static int millis(long wait) {
        return Math.clamp(wait, 1, LONGEST_WAIT);
    }

    private void append(TenantId tenant, Entry entry, UUID endpoint, Batch batch, long from)
            throws IOException, LogFullException {
        IntakeBatch open = null;
        int room = 0;
        for (int i = (int) (from - batch.getFirst()); i < batch.getRecordsCount(); i++) {
            if (open == null || room == 0) {
                if (open != null) {
                    open.commit();
                }
                open = intake.begin(new Sender(tenant, "agent"), RecordFormat.AUTO, null, false);
                room = Intake.MAX_RECORDS;
            }
            var bytes = said(batch.getRecords(i).toByteArray(), endpoint, entry);
            open.add(
                    bytes,
                    0,
                    bytes.length,
                    "agent:" + endpoint + ":" + batch.getSpoolId() + ":" + (batch.getFirst() + i));
            room--;
        }
        if (open != null) {
            open.commit();
        }
    }

    /** A record says of whom it is in our words: whatever the host writes there does not count. */
    private static byte[] said(byte[] record, UUID endpoint, Entry entry) {
        try {
            if (JSON.readTree(record) instanceof ObjectNode object) {
                object.put("endpoint_id", endpoint.toString());
                object.put("hostname", entry.name());
                object.put("endpoint_group", entry.group());
                return JSON.writeValueAsBytes(object);
            }
        } catch (JacksonException e) {
            return record; // what cannot be read is passed on as it came: it is kept, and is said to be wrong
        }
        return record;
    }
}
