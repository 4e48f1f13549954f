package io.marsad.soc.intel;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.soc.intel.Indicator.Kind;
import io.marsad.testkit.Seed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Indicators in their one form. */
class IndicatorTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ip|192.0.2.1|ip:192.0.2.1",
                "ipv4|192[.]0[.]2(.)1|ip:192.0.2.1",
                "ipv4-addr| 192.0.2.1:8080 |ip:192.0.2.1",
                "IP|2001:DB8:0:0:0:0:0:1|ip:2001:db8::1",
                "ip|2001:db8:0:1:0:0:0:1|ip:2001:db8:0:1::1",
                "ip|2001:db8::1:0:0:1|ip:2001:db8::1:0:0:1",
                "ip|[2001:db8::1]:443|ip:2001:db8::1",
                "ip|fe80::1%eth0|ip:fe80::1",
                "ip|::ffff:192.0.2.1|ip:192.0.2.1",
                "ip|::|ip:::",
                "ip|1::|ip:1::",
                "ip|0:0:0:0:0:0:0:0|ip:::",
                "domain|Evil[.]Example.|domain:evil.example",
                "hostname|evil{.}example|domain:evil.example",
                "domain|evil[dot]example|domain:evil.example",
                "domain|*.evil.example|domain:evil.example",
                "domain|bücher.example|domain:xn--bcher-kva.example",
                "domain|XN--BCHER-KVA.example|domain:xn--bcher-kva.example",
                "domain|مثال.example|domain:xn--mgbh0fb.example",
                "domain|evil。example|domain:evil.example",
                "domain|_dmarc.example.org|domain:_dmarc.example.org",
                "md5|5EB63BBBE01EEED093CB22BB8F5ACDC3|hash:5eb63bbbe01eeed093cb22bb8f5acdc3",
                "sha256|sha256:B94D27B9934D3E08A52E52D7DA7DABFAC484EFE37A5380EE9088F7ACE2EFCDE9"
                        + "|hash:b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9",
                "url|hxxp://Evil[.]example|url:http://evil.example/",
                "url|hxxps[:]//evil.example:443/A%2fb%7e?q=1#top|url:https://evil.example/A%2Fb~?q=1",
                "url|HTTP://user@192.0.2.1:8080\\a|url:http://user@192.0.2.1:8080/a",
                "url|http://[2001:DB8::1]:80/x|url:http://[2001:db8::1]/x",
                "url|evil.example/x|url:http://evil.example/x",
                "url|http://bücher.example?x|url:http://xn--bcher-kva.example/?x",
                "email|Some One <Some.One@Evil.example>|email:some.one@evil.example",
                "email|some.one[at]evil[.]example|email:some.one@evil.example",
                "email|mailto:a@bücher.example|email:a@xn--bcher-kva.example",
            })
    void oneForm(String type, String value, String key) {
        var indicator = Indicator.of(type, value);
        assertThat(indicator.fault()).isNull();
        assertThat(indicator.key()).isEqualTo(key);
        assertThat(Indicator.of(indicator.type(), indicator.value())).isEqualTo(indicator);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ip|192.0.2.256|is no IP address",
                "ip|192.0.2.01|is no IP address",
                "ip|192.0.2|is no IP address",
                "ip|192.0.2.0/24|is no single IP address",
                "ip|192.0.2.1:99999|has no sound port",
                "ip|1:2:3:4:5:6:7:8:9|is no IP address",
                "ip|1::2::3|is no IP address",
                "ip|12345::|is no IP address",
                "ip|localhost|is no IP address",
                "domain|192.0.2.1|is no domain name",
                "domain|a..b|is no domain name",
                "domain|-a.example|is no domain name",
                "domain|a b.example|is no domain name",
                "hash|5eb63bbb|is no MD5, SHA-1 or SHA-256",
                "url|http://|is no domain name",
                "url|http://a b.example/|is no URL",
                "url|http://evil.example:0x50/|has no sound port",
                "email|evil.example|is no e-mail address",
                "email|a b@evil.example|is no e-mail address",
                "url|''|is empty",
            })
    void whatIsNoneOfItsTypeIsKeptAndNamed(String type, String value, String fault) {
        var indicator = Indicator.of(type, value);
        assertThat(indicator.fault()).isEqualTo(fault);
        assertThat(indicator.kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(indicator.value()).isEqualTo(value);
    }

    @Test
    void aTypeThatIsNotKnownIsKeptAndNamed() {
        var indicator = Indicator.of(" Mutex ", "Global\\x");
        assertThat(indicator.kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(indicator.type()).isEqualTo("mutex");
        assertThat(indicator.value()).isEqualTo("Global\\x");
        assertThat(indicator.fault()).isNull();
        assertThat(Indicator.of("url", "http://a.example/" + "x".repeat(3_000)).fault())
                .isEqualTo("is longer than 2048 characters");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, IP",
        "2001:db8::1, IP",
        "evil.example, DOMAIN",
        "http://evil.example, URL",
        "evil.example/a, URL",
        "a@evil.example, EMAIL",
        "5eb63bbbe01eeed093cb22bb8f5acdc3, HASH",
        "hello, UNKNOWN",
        "1.2, UNKNOWN"
    })
    void aTypeIsGuessedByTheValue(String value, Kind kind) {
        assertThat(Indicator.guessed(value).kind()).isEqualTo(kind);
    }

    @Test
    void nothingThrowsAndTheOneFormIsOne() {
        var random = Seed.of("IndicatorTest").random();
        var pieces = new String[] {
            "hxxp",
            "http",
            "://",
            "[.]",
            ".",
            ":",
            "[",
            "]",
            "@",
            "%",
            "%2",
            "%41",
            "::",
            "ffff",
            "192.0.2.1",
            "a",
            "ü",
            "例",
            "xn--",
            "\u200B",
            "\uD800",
            "/",
            "\\",
            "?",
            "#",
            "<",
            ">",
            "\"",
            " ",
            "*.",
            "255",
            "0",
            "e",
            "\u3002",
            "\u0000",
            "mailto:",
            "(at)",
            "-",
            "_"
        };
        var types = new String[] {"ip", "domain", "url", "email", "hash", "x"};
        int sound = 0;
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(9); n > 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            var indicator = Indicator.of(types[random.nextInt(types.length)], text.toString());
            Indicator.guessed(text.toString());
            if (indicator.kind() != Kind.UNKNOWN) {
                sound++;
                assertThat(Indicator.of(indicator.type(), indicator.value())).isEqualTo(indicator);
            }
        }
        assertThat(sound).isGreaterThan(300);
    }
}
