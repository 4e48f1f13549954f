package io.marsad.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalJsonTest {
    /** Numbers of RFC 8785, appendix B. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0.0                     | 0
            -0.0                    | 0
            5e-324                  | 5e-324
            1.7976931348623157e308  | 1.7976931348623157e+308
            9007199254740992        | 9007199254740992
            295147905179352830000   | 295147905179352830000
            9.999999999999997e22    | 9.999999999999997e+22
            1e23                    | 1e+23
            333333333.3333332       | 333333333.3333332
            1e21                    | 1e+21
            1e20                    | 100000000000000000000
            0.000001                | 0.000001
            1e-7                    | 1e-7
            -1.5                    | -1.5
            """)
    void numbersAreWrittenAsEcmaScriptDoes(double number, String expected) {
        assertThat(CanonicalJson.number(number)).isEqualTo(expected);
    }
}
