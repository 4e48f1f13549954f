package io.marsad.soc.intel;

import io.marsad.soc.intel.Indicator.Kind;
import io.marsad.soc.intel.Signal.Scale;
import io.marsad.soc.json.UntrustedJson;
import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What GreyNoise answers of an address: the community's API 3, and the combined answer of {@code /v3/ip}.
 *
 * <p>{@code classification}, weight 0.4: malicious 1, suspicious 0.5, benign 0. {@code riot}, weight 0.6 with 0 for the
 * value, only where it holds: a service that many companies use.
 */
final class GreyNoiseAnswers implements AnswerReader {
    private static final String SOURCE = "greynoise";

    @Override
    public String source() {
        return SOURCE;
    }

    @Override
    public Set<Kind> kinds() {
        return Set.of(Kind.IP);
    }

    @Override
    public IntelAnswer read(Indicator asked, String body) {
        return Reading.of(SOURCE, body, (root, reading) -> read(asked, root, reading));
    }

    private static IntelAnswer read(Indicator asked, JsonNode root, Reading reading) {
        var address = UntrustedJson.text(root.get("ip"));
        if (address == null) {
            var message = UntrustedJson.text(root.get("message"));
            return reading.failed(message == null ? "the answer names no address" : message);
        }
        if (!Indicator.of("ip", address).value().equals(asked.value())) {
            return reading.failed("the answer is about something else");
        }
        var scanner = reading.object(root, "internet_scanner_intelligence");
        var business = reading.object(root, "business_service_intelligence");
        return scanner == null && business == null ? community(root, reading) : combined(scanner, business, reading);
    }

    private static IntelAnswer community(JsonNode root, Reading reading) {
        boolean noise = Boolean.TRUE.equals(reading.flag(root, "noise"));
        boolean riot = Boolean.TRUE.equals(reading.flag(root, "riot"));
        if (!noise && !riot) {
            return reading.notFound();
        }
        reading.classification(root, "classification", "0.4");
        if (riot) {
            reading.signal("riot", root.get("riot"), Scale.SHARE, BigDecimal.ZERO, "0.6");
        }
        var name = UntrustedJson.text(root.get("name"));
        if (name != null && !name.equals("unknown")) {
            reading.note("known as " + name);
        }
        return reading.found();
    }

    private static IntelAnswer combined(@Nullable JsonNode scanner, @Nullable JsonNode business, Reading reading) {
        boolean scans = scanner != null && Boolean.TRUE.equals(reading.flag(scanner, "found"));
        boolean serves = business != null && Boolean.TRUE.equals(reading.flag(business, "found"));
        if (!scans && !serves) {
            return reading.notFound();
        }
        if (scans && scanner != null) {
            reading.classification(scanner, "classification", "0.4");
            var actor = UntrustedJson.text(scanner.get("actor"));
            if (actor != null && !actor.equals("unknown")) {
                reading.note("known as " + actor);
            }
        }
        // Of its two levels of trust only the first is for services that one may pass over.
        if (serves
                && business != null
                && "1".equals(business.path("trust_level").asString(""))) {
            reading.signal("riot", business.get("trust_level"), Scale.SHARE, BigDecimal.ZERO, "0.6");
        }
        return reading.found();
    }
}
