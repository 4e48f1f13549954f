package io.marsad.soc.decision.service;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.AlertReading;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.decision.AlertContext;
import io.marsad.soc.decision.DecisionJson;
import io.marsad.soc.decision.SubmittedAlert;
import io.marsad.soc.intel.Indicator;
import io.marsad.soc.json.FaultyJsonException;
import io.marsad.soc.json.UntrustedJson;
import io.marsad.soc.record.OutcomeRows.Version;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An alert that is to be decided about.
 *
 * @param indicators what intelligence is asked about; empty when the alert names nothing of that kind
 */
record Subject(SubmittedAlert alert, Version rule, AlertReading reading, List<Indicator> indicators) {
    /** More are not asked about; the most telling come first. */
    private static final int MOST_INDICATORS = 8;

    static final int LONGEST_BODY = 1 << 20;
    private static final Indicator NONE = new Indicator(
            Indicator.Kind.UNKNOWN,
            "none",
            "",
            "is missing: the alert names no public address, name, hash" + " or link");

    Subject {
        indicators = List.copyOf(indicators);
    }

    EventId id() {
        return alert.id();
    }

    /** @param body as another product handed it in; null for an alert of our own */
    static Subject of(AlertReading reading, @Nullable String body) {
        var rule = new Version(reading.alert().ruleId(), reading.ruleVersion());
        if (body != null) {
            var alert = submitted(reading, body);
            return new Subject(alert, rule, reading, List.of(alert.indicator()));
        }
        var indicators = indicators(reading.alert().entities());
        var alert = new SubmittedAlert(
                reading.alert().id(),
                reading.alert().logSource(),
                reading.alert().ruleId(),
                reading.alert().title(),
                reading.alert().severity(),
                indicators.isEmpty() ? NONE : indicators.getFirst(),
                context(reading),
                reading.narrative());
        return new Subject(alert, rule, reading, indicators);
    }

    private static SubmittedAlert submitted(AlertReading reading, String body) {
        try {
            return SubmittedAlert.read(reading.alert().id(), UntrustedJson.read(body, LONGEST_BODY));
        } catch (FaultyJsonException e) {
            throw new IllegalStateException("an alert that was taken in cannot be read", e);
        }
    }

    private static AlertContext context(AlertReading reading) {
        var json = DecisionJson.build(to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("entities");
            for (Entity entity : reading.alert().entities()) {
                to.writeStartObject();
                to.writeStringProperty("type", entity.kind().word());
                to.writeStringProperty("value", entity.value());
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeArrayPropertyStart("attack");
            reading.alert().attack().forEach(to::writeString);
            to.writeEndArray();
            to.writeEndObject();
        });
        return new AlertContext(json, false);
    }

    private static List<Indicator> indicators(List<Entity> entities) {
        var found = new LinkedHashMap<String, Indicator>();
        for (var kind :
                List.of(Entity.Kind.HASH, Entity.Kind.URL, Entity.Kind.DOMAIN, Entity.Kind.IP, Entity.Kind.EMAIL)) {
            for (Entity entity : entities) {
                if (entity.kind() == kind) {
                    var indicator = Indicator.of(kind.word(), entity.value());
                    if (indicator.kind() != Indicator.Kind.UNKNOWN && isPublic(indicator)) {
                        found.putIfAbsent(indicator.key(), indicator);
                    }
                }
            }
        }
        var all = new ArrayList<>(found.values());
        return all.subList(0, Math.min(MOST_INDICATORS, all.size()));
    }

    /** Nobody outside knows anything about addresses and names that mean something inside a network only. */
    private static boolean isPublic(Indicator indicator) {
        return switch (indicator.kind()) {
            case IP -> {
                var address = InetAddress.ofLiteral(indicator.value());
                boolean unique = address.getAddress().length == 16 && (address.getAddress()[0] & 0xfe) == 0xfc;
                yield !unique
                        && !address.isSiteLocalAddress()
                        && !address.isLoopbackAddress()
                        && !address.isLinkLocalAddress()
                        && !address.isAnyLocalAddress()
                        && !address.isMulticastAddress();
            }
            case DOMAIN -> indicator.value().indexOf('.') > 0;
            case HASH, URL, EMAIL -> true;
            case NETWORK, UNKNOWN -> false;
        };
    }

    /** The same about this indicator. */
    SubmittedAlert about(Indicator indicator) {
        return new SubmittedAlert(
                alert.id(),
                alert.source(),
                alert.ruleId(),
                alert.ruleName(),
                alert.severity(),
                indicator,
                alert.context(),
                alert.rawLog());
    }
}
