package io.marsad.fleet.boundary;

import com.google.protobuf.InvalidProtocolBufferException;
import io.marsad.fleet.relay.ActionDesk;
import io.marsad.proto.agent.v1.ActionReport;
import io.marsad.uplink.DurableFile;
import io.marsad.wire.EnvelopeRefused;
import io.marsad.wire.PeerId;
import io.marsad.wire.SignedAction;
import io.marsad.wire.Verifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Actions on their way through a relay: each verified here, kept on disk until its time is over, and passed on again as long
 * as nobody has said what came of it, since the first time may have been lost. One that is ended, or another one with the
 * same id or nonce, is a replay. Thread-safe.
 */
final class RelayOrders {
    private static final Logger LOG = LoggerFactory.getLogger(RelayOrders.class);
    private static final int MOST = 10_000;

    private final Path folder;
    private final InstantSource clock;
    private final ActionDesk desk;
    private final Map<UUID, Known> known = new HashMap<>();
    private final Map<UUID, UUID> nonces = new HashMap<>();
    private final ActionDesk.Reports reports;
    private String offered = "";
    private @Nullable Said again;

    /** @param sign of the action, that another one does not have @param until when it may be forgotten */
    private record Known(
            UUID nonce,
            String target,
            String sign,
            Instant until,
            String envelope,
            @Nullable Said said) {}

    /** What came of one, as its endpoint said. */
    private record Said(PeerId endpoint, ActionReport report) {}

    /** What a relay works with. @param targets whom it may speak with */
    record With(
            String tenant,
            Predicate<String> targets,
            Iterable<Verifier.TrustedKey> keys,
            ActionDesk.Reports reports,
            ActionDesk.Presence presence) {}

    private RelayOrders(Path folder, With with, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
        this.reports = with.reports;
        this.desk = new ActionDesk(
                new Verifier(with.tenant, with.targets, with.keys, this::first, clock),
                this::heard,
                with.presence,
                clock);
    }

    /** With what was there before: what is not ended waits for its endpoint again. */
    static RelayOrders open(Path folder, With with, InstantSource clock) throws IOException {
        Files.createDirectories(folder);
        var orders = new RelayOrders(folder, with, clock);
        try (var files = Files.newDirectoryStream(folder, "*.json")) {
            for (var file : files) {
                orders.read(file);
            }
        }
        for (var one : List.copyOf(orders.known.values())) {
            if (one.said == null) {
                try {
                    orders.offer(one.envelope);
                } catch (EnvelopeRefused | IllegalStateException e) {
                    LOG.info("an action from before is not passed on: {}", e.getMessage());
                }
            }
        }
        return orders;
    }

    ActionDesk desk() {
        return desk;
    }

    /**
     * Passes one on.
     *
     * @throws EnvelopeRefused when it is not to be passed on
     * @throws IllegalStateException when too many wait
     */
    synchronized SignedAction offer(String envelope) throws EnvelopeRefused {
        offered = envelope;
        again = null;
        try {
            return desk.offer(envelope);
        } catch (EnvelopeRefused e) {
            var said = again;
            if (said != null) { // the word was lost on its way up
                reports.heard(said.endpoint, said.report);
            }
            throw e;
        }
    }

    /** Called by the verifier, when all else is right. */
    private boolean first(SignedAction action, Instant until) {
        var sign = SignedAction.hash(action.toString());
        var before = known.get(action.id());
        if (before != null) {
            boolean same = before.sign.equals(sign);
            again = same ? before.said : null;
            return same && before.said == null;
        }
        if (nonces.containsKey(action.nonce())) {
            return false;
        }
        forget();
        if (known.size() >= MOST) {
            throw new IllegalStateException("too many actions are not over yet");
        }
        keep(action.id(), new Known(action.nonce(), action.target(), sign, until, offered, null));
        return true;
    }

    private void keep(UUID id, Known one) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("id", id.toString()).put("nonce", one.nonce.toString()).put("sign", one.sign);
        node.put("target", one.target);
        node.put("until", one.until.toEpochMilli()).put("envelope", one.envelope);
        if (one.said != null) {
            node.put("endpoint", one.said.endpoint.uri());
            node.put("report", Base64.getEncoder().encodeToString(one.said.report.toByteArray()));
        }
        try {
            DurableFile.replace(folder.resolve(id + ".json"), node.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("an action cannot be kept, and is not passed on", e);
        }
        known.put(id, one);
        nonces.put(one.nonce, id);
    }

    private void read(Path file) throws IOException {
        try {
            var node = JsonMapper.shared().readTree(Files.readAllBytes(file));
            var id = UUID.fromString(node.path("id").asString(""));
            var nonce = UUID.fromString(node.path("nonce").asString(""));
            known.put(
                    id,
                    new Known(
                            nonce,
                            node.path("target").asString(""),
                            node.path("sign").asString(""),
                            Instant.ofEpochMilli(node.path("until").asLong(0)),
                            node.path("envelope").asString(""),
                            said(node)));
            nonces.put(nonce, id);
        } catch (JacksonException | InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new IOException(file + " cannot be read, so that what it stands for could be passed on twice", e);
        }
    }

    private static @Nullable Said said(JsonNode node) throws InvalidProtocolBufferException {
        var bytes = Base64.getDecoder().decode(node.path("report").asString(""));
        return bytes.length == 0
                ? null
                : new Said(PeerId.of(node.path("endpoint").asString("")), ActionReport.parseFrom(bytes));
    }

    private void forget() {
        var now = clock.instant();
        for (var one : Map.copyOf(known).entrySet()) {
            if (!now.isBefore(one.getValue().until)) {
                try {
                    Files.deleteIfExists(folder.resolve(one.getKey() + ".json"));
                    known.remove(one.getKey());
                    nonces.remove(one.getValue().nonce);
                } catch (IOException e) {
                    LOG.warn("an action whose time is over cannot be forgotten", e);
                }
            }
        }
    }

    private void heard(PeerId endpoint, ActionReport report) {
        if (!isOf(endpoint, report)) {
            LOG.warn("{} speaks of an action that is not its own", endpoint.uri());
            return;
        }
        boolean over = switch (report.getState()) {
            case STATE_COMPLETED, STATE_FAILED, STATE_REFUSED, STATE_UNKNOWN -> true;
            case STATE_UNSPECIFIED, STATE_BEGUN, UNRECOGNIZED -> false;
        };
        if (over) {
            end(new Said(endpoint, report));
        }
        reports.heard(endpoint, report);
    }

    /** What is not known here any more is the control plane's to judge. */
    private synchronized boolean isOf(PeerId endpoint, ActionReport report) {
        try {
            var one = known.get(UUID.fromString(report.getActionId()));
            return one == null || one.target.equals(endpoint.id().toString());
        } catch (IllegalArgumentException e) {
            LOG.debug("{} speaks of what has no id of an action", endpoint.uri(), e);
            return false;
        }
    }

    private synchronized void end(Said said) {
        try {
            var id = UUID.fromString(said.report.getActionId());
            var one = known.get(id);
            if (one != null && one.said == null) {
                keep(id, new Known(one.nonce, one.target, one.sign, one.until, one.envelope, said));
            }
        } catch (UncheckedIOException e) {
            LOG.warn("that an action is over is not kept", e);
        }
    }
}
