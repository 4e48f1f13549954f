package io.marsad.agent.collect;

import io.grpc.Channel;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.marsad.agent.policy.Policy;
import io.marsad.proto.falco.outputs.request;
import io.marsad.proto.falco.outputs.response;
import io.marsad.proto.falco.outputs.serviceGrpc;
import io.marsad.uplink.Watch;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Alerts of a Falco that serves gRPC (0.18 to 0.43), as its {@code http_output} writes them, and beside them how the sensor
 * is: records with the source {@code falco_sensor}, activity {@code Connected} or {@code Disconnected}, fields address,
 * version, engine_version, reason, rules_sha256 (of the policy's rules that are in force), rules_trouble (why they are not).
 *
 * <p>Falco gives each alert to one caller, once: what was given and is not durable when the agent dies is lost, at most
 * {@value #MOST_WAITING} alerts. While they wait Falco is not asked for more.
 */
public final class FalcoCollector implements Collector {
    private static final int MOST_WAITING = 1_000;
    private static final int MOST_FIELDS = 500;
    private static final int LONGEST = 16 << 10;
    private static final long SAID_EVERY = 600_000;

    private static final long RULES_LOOKED_AT_EVERY = 60_000;
    private static final List<String> FALCO = List.of("/usr/bin/falco");

    private final FalcoAddress address;
    private final FalcoRules rules;
    private final InstantSource clock;
    private final BlockingQueue<response> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Alerts alerts = new Alerts();
    private final AtomicLong refusals = new AtomicLong();
    private @Nullable FalcoChannel channel;
    private @Nullable String said;
    private long saidAt;
    private long rulesLookedAt = -RULES_LOOKED_AT_EVERY;

    public FalcoCollector(Policy.Falco falco, HostRoot root, InstantSource clock) {
        this(falco, root, FALCO, clock);
    }

    /** @param validator the command that judges rules */
    FalcoCollector(Policy.Falco falco, HostRoot root, List<String> validator, InstantSource clock) {
        this.address = FalcoAddress.of(falco.address(), falco.certificates(), root);
        this.rules = new FalcoRules(falco, root, validator);
        this.clock = clock;
    }

    @Override
    public String name() {
        return "falco";
    }

    @Override
    public void poll(Sink sink) {
        if (clock.millis() - rulesLookedAt >= RULES_LOOKED_AT_EVERY) {
            rulesLookedAt = clock.millis();
            rules.look();
        }
        var state = state().put("rules_sha256", rules.applied()).put("rules_trouble", rules.trouble());
        for (var alert = waiting.poll(); alert != null; alert = waiting.poll()) {
            sink.accept(record(alert));
        }
        long now = clock.millis();
        var text = state.toString();
        if (!text.equals(said) || now - saidAt >= SAID_EVERY) {
            said = text;
            saidAt = now;
            sink.accept(state.put("time", now));
        }
    }

    /** Asks for what is there; how the sensor is, but for the time. */
    private ObjectNode state() {
        try {
            var open = channel;
            if (open == null) {
                channel = open = FalcoChannel.open(address);
            }
            alerts.look(open.channel(), clock.millis());
            alerts.ask();
            return open.state(clock.millis());
        } catch (IOException e) { // a file that is to be there and is not, or not yet
            return FalcoChannel.disconnected(address, String.valueOf(e.getMessage()));
        }
    }

    private ObjectNode record(response alert) {
        var time = alert.getTime();
        var record = JsonNodeFactory.instance.objectNode();
        record.put(
                "time",
                Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString());
        record.put("rule", Found.cut(alert.getRule(), LONGEST));
        record.put("priority", priority(alert));
        record.put("source", Found.cut(source(alert), LONGEST));
        record.put("output", Found.cut(alert.getOutput(), LONGEST));
        record.put("sensor_hostname", Found.cut(alert.getHostname(), LONGEST));
        var tags = record.putArray("tags");
        alert.getTagsList().stream().limit(MOST_FIELDS).forEach(tag -> tags.add(Found.cut(tag, LONGEST)));
        var fields = record.putObject("output_fields");
        alert.getOutputFieldsMap().entrySet().stream()
                .limit(MOST_FIELDS)
                .forEach(one -> fields.put(Found.cut(one.getKey(), LONGEST), Found.cut(one.getValue(), LONGEST)));
        return record;
    }

    /** As Falco writes it in JSON. */
    private String priority(response alert) {
        return switch (alert.getPriority()) {
            case EMERGENCY -> "Emergency";
            case ALERT -> "Alert";
            case CRITICAL -> "Critical";
            case ERROR -> "Error";
            case WARNING -> "Warning";
            case NOTICE -> "Notice";
            case INFORMATIONAL -> "Informational";
            case DEBUG -> "Debug";
            case UNRECOGNIZED -> {
                refusals.incrementAndGet();
                yield "Unknown";
            }
        };
    }

    /** Older ones say it by a number only. */
    private static String source(response alert) {
        return alert.getSource().isEmpty()
                ? alert.getSourceDeprecated().name().toLowerCase(Locale.ROOT)
                : alert.getSource();
    }

    @Override
    public long refusals() {
        return refusals.get();
    }

    @Override
    public void close() {
        alerts.end();
        var open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }

    /** The call that brings alerts; begun again when it ends. */
    private final class Alerts extends Watch<request, response> {
        private @Nullable StreamObserver<request> up;

        @Override
        protected void begin(Channel by, ClientResponseObserver<request, response> answers) {
            up = serviceGrpc.newStub(by).sub(answers);
        }

        /** Each request brings what has come since the one before. */
        private void ask() {
            var to = up;
            if (to != null && waiting.isEmpty()) {
                try {
                    to.onNext(request.getDefaultInstance());
                } catch (IllegalStateException e) {
                    up = null; // the call has ended, and is begun again in a while
                }
            }
        }

        @Override
        protected void heard(response message) {
            try {
                waiting.put(message); // until there is room: nothing more is read from the connection meanwhile
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
