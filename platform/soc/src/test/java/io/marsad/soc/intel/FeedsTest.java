package io.marsad.soc.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.soc.intel.IntelAnswer.State;
import io.marsad.testkit.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Intelligence from files: what an air-gapped site is asked. */
class FeedsTest {
    private static final Instant AT = Instant.parse("2026-02-01T00:00:00Z");

    @TempDir
    private Path folder;

    private IntelFiles.Library library(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
        return IntelFiles.read(folder);
    }

    private static IntelAnswer only(IntelFiles.Library library, String type, String value, Instant at) {
        var answers = library.answers(Indicator.of(type, value), at);
        assertThat(answers).hasSize(1);
        return answers.getFirst();
    }

    private static void lists(IntelFiles.Library library, String type, String value, String norm) {
        var answer = only(library, type, value, AT);
        assertThat(answer.signals()).as(value).singleElement().satisfies(signal -> {
            assertThat(signal.field()).isEqualTo("listed");
            assertThat(signal.norm()).isEqualByComparingTo(norm);
            assertThat(signal.weight()).isEqualByComparingTo("0.8");
        });
    }

    @Test
    void plainLists() throws IOException {
        var library = library("bad.txt", """
                # somebody's list
                evil[.]example
                192.0.2.7   # seen often
                0.0.0.0 ads.example

                hello
                hxxp://evil.example/x
                """);
        lists(library, "domain", "EVIL.example", "1");
        lists(library, "ip", "192.0.2.7", "1");
        lists(library, "domain", "ads.example", "1");
        lists(library, "url", "http://evil.example/x", "1");
        assertThat(library.faults()).containsExactly("bad.txt:6: the indicator is no address, name, hash or link");
        var unknown = only(library, "ip", "0.0.0.0", AT);
        assertThat(unknown.state()).isEqualTo(State.NOT_FOUND);
        assertThat(unknown.source()).isEqualTo("feed:bad.txt");
    }

    @Test
    void commaSeparatedValues() throws IOException {
        var library = library("mine.csv", """
                type,indicator,confidence,valid_until,description
                ip,192.0.2.7,80,2026-03-01,"scanner, ""loud\"""
                domain,evil.example,,,
                ip,192.0.2.8,80,2026-01-01T00:00:00Z,gone
                ip,192.0.2.9,0,,ours
                ip,192.0.2.300,10,,
                ip,192.0.2.10,many,,
                ip,192.0.2.11,101,,
                """);
        lists(library, "ip", "192.0.2.7", "0.8");
        assertThat(only(library, "ip", "192.0.2.7", AT).notes()).containsExactly("scanner, \"loud\"");
        lists(library, "domain", "evil.example", "1");
        lists(library, "ip", "192.0.2.9", "0");
        assertThat(only(library, "ip", "192.0.2.8", AT).state()).isEqualTo(State.NOT_FOUND);
        assertThat(only(library, "ip", "192.0.2.7", Instant.parse("2026-03-01T00:00:00Z"))
                        .state())
                .isEqualTo(State.NOT_FOUND);
        assertThat(library.faults())
                .containsExactly(
                        "mine.csv:6: the indicator is no IP address",
                        "mine.csv:7: the confidence is no number from 0 to 100",
                        "mine.csv:8: a confidence is 0 to 100, with two decimals at most");
    }

    @Test
    void columnsNamedByTheirTypeAndNamesInAComment() throws IOException {
        var library = library("urls.csv", """
                ################
                # id,dateadded,url,url_status,threat
                "1","2026-01-01 00:00:00","http://evil.example/a","online","malware_download"
                """);
        lists(library, "url", "http://evil.example/a", "1");
        library = library("c2.csv", "first_seen_utc,dst_ip,dst_port,malware\n2026-01-01,192.0.2.7,443,Example\n");
        assertThat(library.answers(Indicator.of("ip", "192.0.2.7"), AT))
                .anySatisfy(answer -> assertThat(answer.notes()).containsExactly("Example"));
        var bare = library("bare.csv", "192.0.2.99,anything\n");
        assertThat(bare.answers(Indicator.of("ip", "192.0.2.99"), AT))
                .anySatisfy(answer -> assertThat(answer.signals()).hasSize(1));
    }

    @Test
    void stixBundles() throws IOException {
        var library = library("bundle.json", Recorded.text("bundle.json"));
        lists(library, "ip", "203.0.113.66", "0.7");
        lists(library, "domain", "c3.example", "0.7");
        lists(library, "hash", "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9", "0");
        assertThat(only(library, "ip", "203.0.113.66", Instant.parse("2026-03-01T00:00:00Z"))
                        .state())
                .isEqualTo(State.NOT_FOUND);
        assertThat(only(library, "ip", "203.0.113.66", Instant.parse("2025-12-31T23:59:59Z"))
                        .state())
                .isEqualTo(State.NOT_FOUND);
        assertThat(only(library, "url", "http://gone.example/", AT).state())
                .as("revoked, though an older version comes later")
                .isEqualTo(State.NOT_FOUND);
        assertThat(only(library, "ip", "192.0.2.1", AT).state()).isEqualTo(State.NOT_FOUND);
        assertThat(library.faults())
                .singleElement()
                .asString()
                .startsWith("bundle.json:")
                .contains(": the pattern asks for more than one of some values");
    }

    @Test
    void patternsAreNeverWeakened() {
        assertThat(StixPattern.indicators("[(url:value='http://a.example/' OR email-addr:value == 'a@b.example')] OR"
                        + " [file:hashes.MD5 = '5eb63bbbe01eeed093cb22bb8f5acdc3']"))
                .extracting(Indicator::key)
                .containsExactly("url:http://a.example/", "email:a@b.example", "hash:5eb63bbbe01eeed093cb22bb8f5acdc3");
        for (String pattern : new String[] {
            "[ipv4-addr:value != '192.0.2.1']",
            "[NOT ipv4-addr:value = '192.0.2.1']",
            "[ipv4-addr:value LIKE '192.%']",
            "[NOT ipv4-addr:value ISSUBSET '192.0.2.0/24']",
            "[ipv4-addr:value ISSUPERSET '192.0.2.0/24']",
            "[ipv4-addr:value ISSUBSET '0.0.0.0/0']",
            "[domain-name:value ISSUBSET '192.0.2.0/24']",
            "[ipv4-addr:value = '192.0.2.1'] AND [ipv4-addr:value = '192.0.2.2']",
            "[ipv4-addr:value = '192.0.2.1'] FOLLOWEDBY [ipv4-addr:value = '192.0.2.2']",
            "[ipv4-addr:value = '192.0.2.1'] REPEATS 5 TIMES",
            "[process:command_line = 'x']",
            "[ipv4-addr:value = '192.0.2.1'",
            "[ipv4-addr:value = '192.0.2.1",
            "[ipv4-addr:value IN ('192.0.2.1',)]",
            "",
            "[" + "(".repeat(20_000)
        }) {
            assertThatThrownBy(() -> StixPattern.indicators(pattern)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void networksInEveryKindOfFile() throws IOException {
        assertThat(StixPattern.indicators("[ipv4-addr:value = '203.0.113.0/24' OR ipv6-addr:value ISSUBSET"
                        + " '2001:DB8::/32' OR ipv4-addr:value ISSUBSET '192.0.2.1/32']"))
                .extracting(Indicator::key)
                .containsExactly("network:203.0.113.0/24", "network:2001:db8::/32", "ip:192.0.2.1");
        var library = library("drop.csv", """
                cidr,confidence,description
                203.0.113.0/24,80,hijacked
                203[.]0[.]113.128/25,90,worse
                0.0.0.0/2,90,
                203.0.113.7/24,90,
                """);
        lists(library, "ip", "203.0.113.7", "0.8");
        lists(library, "ip", "203.0.113.200", "0.9");
        assertThat(only(library, "ip", "203.0.114.0", AT).state()).isEqualTo(State.NOT_FOUND);
        assertThat(library.faults())
                .containsExactly(
                        "drop.csv:4: the indicator is a network that is too wide: 0.0.0.0/2 is wider than /8 of IPv4,"
                                + " /16 of IPv6",
                        "drop.csv:5: the indicator is no network: '203.0.113.7/24' has bits set behind its prefix");
        var list = library("drop.txt", "198.51.100.0/24 ; SBL1\n2001:db8:1::/48\n::ffff:192.0.2.0/120\n");
        assertThat(list.answers(Indicator.of("ip", "198.51.100.255"), AT))
                .anySatisfy(answer -> assertThat(answer.signals()).hasSize(1));
        assertThat(list.answers(Indicator.of("ip", "2001:db8:1:ffff::1"), AT))
                .anySatisfy(answer -> assertThat(answer.signals()).hasSize(1));
        assertThat(list.answers(Indicator.of("ip", "192.0.2.9"), AT))
                .anySatisfy(answer -> assertThat(answer.signals()).hasSize(1));
    }

    @Test
    void theNetworksAroundAnAddressAreThoseThatHaveIt() {
        var seed = Seed.of("networksAround");
        var random = seed.random();
        for (int i = 0; i < 2_000; i++) {
            boolean four = random.nextBoolean();
            var bytes = new byte[four ? 4 : 16];
            random.nextBytes(bytes);
            var around = Networks.around(text(bytes));
            assertThat(around).hasSize(four ? 24 : 112);
            int bits = (four ? 8 : 16) + random.nextInt(around.size());
            var first = bytes.clone();
            for (int bit = bits; bit < first.length * 8; bit++) {
                first[bit / 8] &= (byte) ~(128 >> bit % 8);
            }
            assertThat(around.get((four ? 31 : 127) - bits))
                    .as("%s, %s", seed, text(bytes))
                    .isEqualTo(text(first) + "/" + bits)
                    .isEqualTo(Networks.form(text(first) + "/" + bits));
        }
        assertThat(Networks.around("bad.example")).isEmpty();
    }

    private static String text(byte[] bytes) {
        try {
            return Indicator.of("ip", java.net.InetAddress.getByAddress(bytes).getHostAddress())
                    .value();
        } catch (java.net.UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void recordedAnswers() throws IOException {
        var library = library("answers.ndjson", """
                {"source": "abuseipdb", "indicator": {"type": "ip", "value": "192.0.2.7"}, "answer": {"data": {"abuseConfidenceScore": 40}}}
                {"source": "virustotal", "indicator": {"type": "ip", "value": "192.0.2.7"}, "answer": {"failed": "timeout"}}
                {"source": "acme", "indicator": {"type": "ip", "value": "192.0.2.7"}, "answer": {}}
                {"source": "abuseipdb"}
                {
                """);
        var answers = library.answers(Indicator.of("ip", "192.0.2.7"), AT);
        assertThat(answers).extracting(IntelAnswer::source).containsExactlyInAnyOrder("abuseipdb", "virustotal");
        assertThat(library.answers(Indicator.of("ip", "192.0.2.8"), AT))
                .as("nobody was asked")
                .isEmpty();
        assertThat(library.faults()).hasSize(3);
        assertThat(library.faults().getFirst()).startsWith("answers.ndjson:3: answers of acme cannot be read");
        assertThat(library.faults().getLast()).startsWith("answers.ndjson:5: not JSON");
    }

    @Test
    void filesThatAreNoIntelligence() throws IOException {
        assertThatThrownBy(() -> IntelFiles.read(folder.resolve("nowhere"))).isInstanceOf(NoSuchFileException.class);
        assertThat(library("readme.md", "hello").faults())
                .containsExactly("readme.md: is no .csv, .txt, .list, .json, .ndjson or .jsonl");
    }

    @Test
    void noFileThrows() throws IOException {
        var random = Seed.of("FeedsTest").random();
        var whole = Recorded.text("bundle.json");
        for (int i = 0; i < 500; i++) {
            var text = new StringBuilder(whole);
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                int at = random.nextInt(text.length());
                if (random.nextBoolean()) {
                    text.setCharAt(at, "[]{}',\"\\=() 1x\n".charAt(random.nextInt(15)));
                } else {
                    text.delete(at, Math.min(text.length(), at + random.nextInt(1, 40)));
                }
            }
            var broken = text.toString();
            var feed = StixFeed.read("x", "x", broken);
            var list =
                    ListFeed.read("x", "x", new java.io.BufferedReader(new java.io.StringReader(broken)), i % 2 == 0);
            assertThat(feed.size() + list.size()).isNotNegative();
        }
    }
}
