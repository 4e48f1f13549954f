package io.marsad.sigma.correlation;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.match.CaseFolding;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.RuleSet;
import io.marsad.sigma.SigmaCorrelation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What correlations remember: per tenant, correlation and group the events inside its timespan, in event time.
 *
 * <p>Deterministic: the same events in the same order give the same matches with the same ids; an event that comes twice
 * counts once. Bounded per correlation in groups and per group in events. A group whose fields an event lacks does not
 * exist for that event. Group values and counted values compare without regard to case.
 *
 * <p>Belongs to one thread.
 */
public final class CorrelationState {
    private static final int MAGIC = 0x4D534353;
    private static final int VERSION = 1;
    private static final int MAX_VALUE = 1024;

    /** A correlation as it is written: what is remembered for another wording is worth nothing. */
    private record Identity(String id, String wording) {
        static Identity of(SigmaCorrelation rule) {
            var wording = rule.type() + " " + rule.rules() + " " + rule.groupBy() + " " + rule.timespan() + " "
                    + rule.fields() + " " + rule.bounds() + " " + new java.util.TreeMap<>(rule.aliases());
            return new Identity(rule.id(), wording);
        }
    }

    private final Map<String, RuleState> states = new LinkedHashMap<>();
    private final Map<String, Identity> identities = new LinkedHashMap<>();

    /** What a correlation holds, for health and the operator. {@code evicted} groups were dropped for lack of room. */
    public record Usage(String ruleId, int groups, long events, long evicted) {}

    /** Counts a row of which {@link io.marsad.sigma.DetectionSink#contributed} told; the sink may be told of one match. */
    public void add(
            Correlation correlation, Correlation.Member member, EventBatch batch, int row, CorrelationSink out) {
        var rule = correlation.definition();
        var group = texts(member.groups(), batch, row);
        if (group == null) {
            return;
        }
        String value = null;
        if (rule.type() == SigmaCorrelation.Type.VALUE_COUNT) {
            var values = texts(member.values(), batch, row);
            if (values == null) {
                return;
            }
            value = CaseFolding.fold(String.join("\u0000", values));
        }
        var entry = new Window.Entry(batch.time(row), batch.idHigh(row), batch.idLow(row), value);
        state(rule).add(rule, batch.tenant(), group, entry, batch.received(row), out);
    }

    private RuleState state(SigmaCorrelation rule) {
        var state = states.get(rule.id());
        if (state == null) {
            state = new RuleState(rule);
            states.put(rule.id(), state);
            identities.put(rule.id(), Identity.of(rule));
        }
        return state;
    }

    /** The first value of each field, or null when one is missing. */
    private static @Nullable List<String> texts(List<List<Field>> fields, EventBatch batch, int row) {
        var texts = new ArrayList<String>(fields.size());
        for (List<Field> slots : fields) {
            String found = null;
            for (int i = 0; i < slots.size() && found == null; i++) {
                found = batch.text(row, slots.get(i));
            }
            if (found == null) {
                return null;
            }
            texts.add(found.length() > MAX_VALUE ? found.substring(0, MAX_VALUE) : found);
        }
        return texts;
    }

    /** After a reload: forgets correlations that are gone or read differently now. */
    public void retain(RuleSet rules) {
        var kept = new HashSet<Identity>();
        rules.correlations().forEach(c -> kept.add(Identity.of(c.definition())));
        identities.values().removeIf(identity -> !kept.contains(identity));
        states.keySet().retainAll(identities.keySet());
    }

    public List<Usage> usage() {
        var usage = new ArrayList<Usage>();
        states.forEach((id, s) -> usage.add(new Usage(id, s.groups(), s.entries(), s.evicted())));
        return usage;
    }

    /** All of it as bytes, with version and checksum. */
    public byte[] snapshot() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeInt(states.size());
            for (Map.Entry<String, RuleState> entry : states.entrySet()) {
                var identity = identities.get(entry.getKey());
                if (identity == null) {
                    throw new IllegalStateException("a correlation without identity");
                }
                Text.write(identity.id, out);
                Text.write(identity.wording, out);
                var part = new ByteArrayOutputStream();
                entry.getValue().write(new DataOutputStream(part));
                out.writeInt(part.size());
                part.writeTo(out);
            }
            out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /**
     * What a snapshot holds of the correlations in the rule set, as they read now.
     *
     * @throws IOException when the bytes are not a snapshot of this version, or damaged
     */
    public static CorrelationState restore(byte[] snapshot, RuleSet rules) throws IOException {
        int end = snapshot.length - 4;
        if (end < 12 || ByteBuffer.wrap(snapshot).getInt(end) != checksum(snapshot, end)) {
            throw new IOException("the correlation snapshot is damaged");
        }
        var in = new DataInputStream(new ByteArrayInputStream(snapshot, 0, end));
        if (in.readInt() != MAGIC || in.readInt() != VERSION) {
            throw new IOException("not a correlation snapshot of version " + VERSION);
        }
        var known = new LinkedHashMap<Identity, SigmaCorrelation>();
        rules.correlations().forEach(c -> known.put(Identity.of(c.definition()), c.definition()));
        var state = new CorrelationState();
        for (int n = in.readInt(); n > 0; n--) {
            var identity = new Identity(Text.read(in), Text.read(in));
            var part = in.readNBytes(in.readInt());
            var rule = known.get(identity);
            if (rule != null) {
                state.state(rule).read(new DataInputStream(new ByteArrayInputStream(part)));
            }
        }
        return state;
    }

    private static int checksum(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
