package io.marsad.soc.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OneTimeCodeTest {
    /** The secret of RFC 6238's examples. */
    private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

    /** RFC 6238, appendix B, the last six of eight digits. */
    @ParameterizedTest
    @CsvSource({
        "59, 287082",
        "1111111109, 081804",
        "1111111111, 050471",
        "1234567890, 005924",
        "2000000000, 279037",
        "20000000000, 353130"
    })
    void codesAreThoseOfTheStandard(long second, String code) {
        var at = Instant.ofEpochSecond(second);
        assertThat(OneTimeCode.at(SECRET, OneTimeCode.step(at))).isEqualTo(code);
        assertThat(OneTimeCode.match(SECRET, code, at, 0)).isEqualTo(OneTimeCode.step(at));
    }

    @Test
    void clocksMayDifferByAStepAndNoMore() {
        var now = Instant.ofEpochSecond(1_234_567_890);
        long step = OneTimeCode.step(now);
        for (int off = -3; off <= 3; off++) {
            var code = OneTimeCode.at(SECRET, step + off);
            assertThat(OneTimeCode.match(SECRET, code, now, 0)).isEqualTo(Math.abs(off) <= 1 ? step + off : -1);
        }
    }

    @Test
    void aCodeCountsOnceAndNoneBeforeItCountsLater() {
        var now = Instant.ofEpochSecond(1_234_567_890);
        long step = OneTimeCode.step(now);
        assertThat(OneTimeCode.match(SECRET, OneTimeCode.at(SECRET, step), now, step))
                .isEqualTo(-1);
        assertThat(OneTimeCode.match(SECRET, OneTimeCode.at(SECRET, step - 1), now, step))
                .isEqualTo(-1);
        assertThat(OneTimeCode.match(SECRET, OneTimeCode.at(SECRET, step + 1), now, step))
                .isEqualTo(step + 1);
    }

    /** RFC 4648, section 10. */
    @ParameterizedTest
    @CsvSource({"'', ''", "f, MY", "fo, MZXQ", "foo, MZXW6", "foob, MZXW6YQ", "fooba, MZXW6YTB", "foobar, MZXW6YTBOI"})
    void base32IsThatOfTheStandard(String text, String written) {
        assertThat(OneTimeCode.base32(text.getBytes(StandardCharsets.US_ASCII))).isEqualTo(written);
    }
}
