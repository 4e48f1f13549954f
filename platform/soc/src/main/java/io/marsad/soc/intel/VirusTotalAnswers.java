package io.marsad.soc.intel;

import io.marsad.soc.intel.Indicator.Kind;
import io.marsad.soc.intel.Signal.Scale;
import io.marsad.soc.json.UntrustedJson;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Objects of VirusTotal's API 3: files, addresses, domains and URLs.
 *
 * <p>{@code malicious_engines}, weight 0.5: engines of {@code last_analysis_stats} that say malicious, with half of those
 * that say suspicious, of ten (of all that answered when they are fewer): ten engines that agree are as sure as ninety.
 * {@code reputation}, weight 0.2: the community's votes, bad below zero; zero is nobody's vote.
 */
final class VirusTotalAnswers implements AnswerReader {
    private static final String SOURCE = "virustotal";
    private static final BigDecimal ENOUGH = BigDecimal.TEN;
    private static final BigDecimal HALF = new BigDecimal("0.5");

    @Override
    public String source() {
        return SOURCE;
    }

    @Override
    public Set<Kind> kinds() {
        return Set.of(Kind.IP, Kind.DOMAIN, Kind.HASH, Kind.URL);
    }

    @Override
    public IntelAnswer read(Indicator asked, String body) {
        return Reading.of(SOURCE, body, (root, reading) -> read(asked, root, reading));
    }

    private static IntelAnswer read(Indicator asked, JsonNode root, Reading reading) {
        var error = root.get("error");
        if (error != null) {
            var code = UntrustedJson.text(error.get("code"));
            return "NotFoundError".equals(code)
                    ? reading.notFound()
                    : reading.failed(code == null ? "an error without a code" : code);
        }
        var data = reading.object(root, "data");
        var attributes = data == null ? null : reading.object(data, "attributes");
        if (data == null || attributes == null) {
            return reading.failed("the answer has no data.attributes");
        }
        if (isAboutAnother(asked, data, attributes)) {
            return reading.failed("the answer is about something else");
        }
        engines(attributes, reading);
        reading.reputation(attributes, "reputation", "0.2");
        var threat = reading.object(attributes, "popular_threat_classification");
        var label = threat == null ? null : UntrustedJson.text(threat.get("suggested_threat_label"));
        if (label != null) {
            reading.note("called " + label);
        }
        return reading.found();
    }

    private static boolean isAboutAnother(Indicator asked, JsonNode data, JsonNode attributes) {
        return switch (asked.kind()) {
            case IP, DOMAIN -> {
                var id = UntrustedJson.text(data.get("id"));
                yield id != null && !Indicator.of(asked.type(), id).value().equals(asked.value());
            }
            case HASH -> {
                // A file is found under each of its hashes; what the answer leaves out cannot contradict.
                boolean named = false;
                boolean other = false;
                for (String name : new String[] {"md5", "sha1", "sha256"}) {
                    var hash = UntrustedJson.text(attributes.get(name));
                    named |= asked.value().equalsIgnoreCase(hash);
                    other |= hash != null && hash.length() == asked.value().length();
                }
                yield other && !named;
            }
            case URL, EMAIL, NETWORK, UNKNOWN -> false;
        };
    }

    private static void engines(JsonNode attributes, Reading reading) {
        var stats = reading.object(attributes, "last_analysis_stats");
        if (stats == null) {
            return;
        }
        var malicious = count(reading, stats, "malicious");
        var suspicious = count(reading, stats, "suspicious");
        var answered = malicious
                .add(suspicious)
                .add(count(reading, stats, "harmless"))
                .add(count(reading, stats, "undetected"));
        if (answered.signum() == 0) {
            return;
        }
        var bad = malicious.add(suspicious.multiply(HALF));
        var norm = bad.divide(answered.min(ENOUGH), Signal.SCALE, RoundingMode.CEILING)
                .min(BigDecimal.ONE);
        reading.signal(new Signal(
                SOURCE,
                "malicious_engines",
                bad.stripTrailingZeros().toPlainString(),
                Scale.ENGINES,
                norm,
                new BigDecimal("0.5"),
                stats.toString()));
    }

    private static BigDecimal count(Reading reading, JsonNode stats, String name) {
        var count = reading.whole(stats, name, 0, 100_000);
        return count == null ? BigDecimal.ZERO : count;
    }
}
