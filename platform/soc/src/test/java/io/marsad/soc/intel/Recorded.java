package io.marsad.soc.intel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Answers of services, written for tests after their documented form. */
final class Recorded {
    static final Indicator BAD = Indicator.of("ip", "203.0.113.66");
    static final Indicator GOOD = Indicator.of("ip", "198.51.100.10");
    static final Indicator FILE = Indicator.of("hash", "5eb63bbbe01eeed093cb22bb8f5acdc3");

    /** Each with what it is about. */
    static final List<Exchange> ALL = List.of(
            new Exchange("virustotal", BAD, "virustotal-ip.json"),
            new Exchange("virustotal", FILE, "virustotal-file.json"),
            new Exchange("virustotal", BAD, "virustotal-not-found.json"),
            new Exchange("abuseipdb", BAD, "abuseipdb-bad.json"),
            new Exchange("abuseipdb", GOOD, "abuseipdb-clean.json"),
            new Exchange("abuseipdb", BAD, "abuseipdb-quota.json"),
            new Exchange("greynoise", BAD, "greynoise-malicious.json"),
            new Exchange("greynoise", GOOD, "greynoise-riot.json"),
            new Exchange("greynoise", Indicator.of("ip", "192.0.2.200"), "greynoise-not-observed.json"),
            new Exchange("greynoise", BAD, "greynoise-combined.json"));

    private Recorded() {}

    record Exchange(String source, Indicator asked, String file) {
        String body() {
            return text(file);
        }

        IntelAnswer read(String body) {
            return reader().read(asked, body);
        }

        private AnswerReader reader() {
            return AnswerReader.ALL.stream()
                    .filter(reader -> reader.source().equals(source))
                    .findFirst()
                    .orElseThrow();
        }
    }

    static IntelAnswer read(String file) {
        var exchange =
                ALL.stream().filter(one -> one.file.equals(file)).findFirst().orElseThrow();
        return exchange.read(exchange.body());
    }

    static String text(String file) {
        try (var in = Recorded.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
