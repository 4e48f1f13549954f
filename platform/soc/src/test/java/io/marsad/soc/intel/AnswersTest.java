package io.marsad.soc.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.marsad.soc.intel.IntelAnswer.State;
import io.marsad.testkit.Seed;
import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What services answer, read: as they document it, and as an enemy would write it. */
class AnswersTest {
    private static BigDecimal decimal(String text) {
        return new BigDecimal(text);
    }

    @Test
    void virusTotalCountsEngines() {
        var answer = Recorded.read("virustotal-ip.json");
        assertThat(answer.state()).isEqualTo(State.FOUND);
        assertThat(answer.signals())
                .extracting(Signal::field, Signal::value, Signal::norm, Signal::weight)
                .containsExactly(
                        tuple("malicious_engines", "8", decimal("0.8000"), decimal("0.5")),
                        tuple("reputation", "-25", decimal("0.2500"), decimal("0.2")));
        assertThat(answer.raw()).isEqualTo(Recorded.text("virustotal-ip.json"));
        assertThat(answer.signals().getFirst().raw()).contains("\"harmless\":55");
        var file = Recorded.read("virustotal-file.json");
        assertThat(file.signals())
                .extracting(Signal::field, Signal::norm)
                .containsExactly(tuple("malicious_engines", decimal("1.0000")));
        assertThat(file.notes()).containsExactly("called trojan.example/test");
    }

    @Test
    void fewEnginesAreDividedByTheirNumber() {
        var few = Recorded.ALL.getFirst().read("""
                {"data": {"attributes": {"last_analysis_stats":
                  {"malicious": 1, "suspicious": 0, "harmless": 2, "undetected": 0}}}}""");
        assertThat(few.signals().getFirst().norm()).isEqualTo("0.3334");
        var nobody = Recorded.ALL.getFirst().read("""
                {"data": {"attributes": {"last_analysis_stats":
                  {"malicious": 0, "suspicious": 0, "harmless": 0, "undetected": 0, "timeout": 9}}}}""");
        assertThat(nobody.signals()).as("no opinion is none").isEmpty();
    }

    @Test
    void whatASourceDoesNotKnowIsNotClean() {
        assertThat(Recorded.read("virustotal-not-found.json").state()).isEqualTo(State.NOT_FOUND);
        assertThat(Recorded.read("greynoise-not-observed.json").state()).isEqualTo(State.NOT_FOUND);
        var quota = Recorded.read("abuseipdb-quota.json");
        assertThat(quota.state()).isEqualTo(State.FAILED);
        assertThat(quota.failure()).contains("1000 requests");
    }

    @Test
    void abuseIpDbScoresAndItsListOfTheGood() {
        var bad = Recorded.read("abuseipdb-bad.json");
        assertThat(bad.signals())
                .extracting(Signal::field, Signal::value, Signal::norm, Signal::weight)
                .containsExactly(tuple("abuse_confidence", "92", decimal("0.9200"), decimal("0.6")));
        assertThat(bad.notes()).containsExactly("412 reports of 120 users", "an exit of Tor");
        assertThat(Recorded.read("abuseipdb-clean.json").signals())
                .extracting(Signal::field, Signal::norm, Signal::weight)
                .containsExactly(
                        tuple("abuse_confidence", decimal("0.0000"), decimal("0.6")),
                        tuple("whitelisted", decimal("0.0000"), decimal("0.4")));
    }

    @Test
    void greyNoiseClassifies() {
        assertThat(Recorded.read("greynoise-malicious.json").signals())
                .extracting(Signal::field, Signal::value, Signal::norm, Signal::weight)
                .containsExactly(tuple("classification", "\"malicious\"", decimal("1.0000"), decimal("0.4")));
        assertThat(Recorded.read("greynoise-riot.json").signals())
                .extracting(Signal::field, Signal::norm, Signal::weight)
                .containsExactly(
                        tuple("classification", decimal("0.0000"), decimal("0.4")),
                        tuple("riot", decimal("0.0000"), decimal("0.6")));
        var combined = Recorded.read("greynoise-combined.json");
        assertThat(combined.signals())
                .as("a service of the second level of trust is not passed over")
                .extracting(Signal::field, Signal::norm)
                .containsExactly(tuple("classification", decimal("0.5000")));
        assertThat(combined.notes()).containsExactly("known as Example Survey");
    }

    @Test
    void anAnswerAboutSomethingElseIsAFailure() {
        var other = Indicator.of("ip", "192.0.2.9");
        for (AnswerReader reader : AnswerReader.ALL) {
            var file = reader.source().equals("virustotal") ? "virustotal-ip.json" : null;
            file = reader.source().equals("abuseipdb") ? "abuseipdb-bad.json" : file;
            file = file == null ? "greynoise-malicious.json" : file;
            assertThat(reader.read(other, Recorded.text(file)).failure())
                    .isEqualTo("the answer is about something else");
        }
        var hash = Indicator.of("sha256", "0".repeat(64));
        assertThat(AnswerReader.ALL
                        .getFirst()
                        .read(hash, Recorded.text("virustotal-file.json"))
                        .state())
                .isEqualTo(State.FAILED);
    }

    @Test
    void whatCannotBeReadIsNamedAndTheRestCounts() {
        var answer = Recorded.ALL.getFirst().read("""
                {"data": {"attributes": {"reputation": "bad",
                  "last_analysis_stats": {"malicious": 5, "suspicious": null, "harmless": -3, "undetected": 1e999999}}}}""");
        assertThat(answer.signals())
                .extracting(Signal::field, Signal::norm)
                .containsExactly(tuple("malicious_engines", decimal("1.0000")));
        assertThat(answer.faults())
                .containsExactly(
                        "harmless is no number from 0 to 100000",
                        "undetected is no number from 0 to 100000",
                        "reputation is no number from -1000000000 to 1000000000");
        for (String body : new String[] {
            "",
            "null",
            "[]",
            "7",
            "<html>",
            "{\"data\":",
            "{\"data\":null}",
            "{\"data\":[]}",
            "{\"data\":{},\"data\":{}}",
            "{\"ip\":7}",
            "[".repeat(100_000),
            "\"" + "x".repeat(2_000_000) + "\""
        }) {
            for (AnswerReader reader : AnswerReader.ALL) {
                var broken = reader.read(Recorded.BAD, body);
                assertThat(broken.state()).as("%.40s", body).isEqualTo(State.FAILED);
                assertThat(broken.failure()).isNotBlank();
            }
        }
    }

    @Test
    void noAnswerThrowsOrLeavesItsBounds() {
        var random = Seed.of("AnswersTest").random();
        int found = 0;
        for (int i = 0; i < 3_000; i++) {
            var exchange = Recorded.ALL.get(random.nextInt(Recorded.ALL.size()));
            var answer = exchange.read(mutated(exchange.body(), random));
            found += answer.state() == State.FOUND ? 1 : 0;
            var result = IntelResult.of(exchange.asked(), java.util.List.of(answer));
            assertThat(result.confidence()).isBetween(BigDecimal.ZERO, BigDecimal.ONE);
            assertThat(IntelFacts.json(result)).as("is JSON on one line").doesNotContain("\n");
        }
        assertThat(found).as("some are still answers").isGreaterThan(150);
    }

    /** A few bytes changed, cut, doubled or put elsewhere, or a value replaced by a strange one. */
    private static String mutated(String body, SplittableRandom random) {
        var text = new StringBuilder(body);
        var values = new String[] {
            "-1",
            "1e400",
            "NaN",
            "null",
            "true",
            "\"\\ud800\"",
            "[]",
            "{}",
            "99999999999999999999",
            "0.00000000000000001",
            "\"malicious\"",
            "100",
            "101"
        };
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(5)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(1, 0xFFFF));
                case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(1, 30)));
                case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(1, 60))));
                default -> {
                    int colon = text.indexOf(": ", at);
                    int end = colon < 0 ? -1 : text.indexOf(",", colon);
                    if (end > 0) {
                        text.replace(colon + 2, end, values[random.nextInt(values.length)]);
                    }
                }
            }
            if (text.isEmpty()) {
                return "";
            }
        }
        return text.toString();
    }
}
