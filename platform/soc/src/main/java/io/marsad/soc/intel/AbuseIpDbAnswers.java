package io.marsad.soc.intel;

import io.marsad.soc.intel.Indicator.Kind;
import io.marsad.soc.intel.Signal.Scale;
import io.marsad.soc.json.UntrustedJson;
import java.math.BigDecimal;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What AbuseIPDB's API 2 answers to {@code check}.
 *
 * <p>{@code abuse_confidence}, weight 0.6: its score divided by 100; 0 is an answer, and lowers. {@code whitelisted}, weight
 * 0.4 with 0 for the value, only where the address is: being on no such list says nothing.
 */
final class AbuseIpDbAnswers implements AnswerReader {
    private static final String SOURCE = "abuseipdb";

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
        var errors = root.get("errors");
        if (errors != null) {
            var detail = UntrustedJson.text(errors.path(0).get("detail"));
            return reading.failed(detail == null ? "an error without a word" : detail);
        }
        var data = reading.object(root, "data");
        if (data == null) {
            return reading.failed("the answer has no data");
        }
        var address = UntrustedJson.text(data.get("ipAddress"));
        if (address != null && !Indicator.of("ip", address).value().equals(asked.value())) {
            return reading.failed("the answer is about something else");
        }
        reading.score(data, "abuseConfidenceScore", "abuse_confidence", "0.6");
        var listed = data.get("isWhitelisted");
        if (Boolean.TRUE.equals(reading.flag(data, "isWhitelisted")) && listed != null) {
            reading.signal("whitelisted", listed, Scale.SHARE, BigDecimal.ZERO, "0.4");
        }
        var reports = reading.whole(data, "totalReports", 0, Integer.MAX_VALUE);
        var users = reading.whole(data, "numDistinctUsers", 0, Integer.MAX_VALUE);
        if (reports != null && reports.signum() > 0) {
            reading.note(reports.toPlainString() + " reports"
                    + (users == null ? "" : " of " + users.toPlainString() + " users"));
        }
        if (Boolean.TRUE.equals(reading.flag(data, "isTor"))) {
            reading.note("an exit of Tor");
        }
        return reading.found();
    }
}
