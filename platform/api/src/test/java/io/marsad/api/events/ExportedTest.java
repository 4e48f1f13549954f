package io.marsad.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportedTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '`',
            value = {
                "plain!plain",
                "a,b!\"a,b\"",
                "say \"hi\"!\"say \"\"hi\"\"\"",
                "=1+2!'=1+2",
                "=HYPERLINK(\"x\")!\"'=HYPERLINK(\"\"x\"\")\"",
                "+cmd|calc!'+cmd|calc",
                "-2+3!'-2+3",
                "@SUM(A1)!'@SUM(A1)",
                "-25!-25",
                "+1.5e3!+1.5e3",
            })
    void nothingBecomesAFormula(String value, String cell) {
        assertThat(Exported.cell(value)).isEqualTo(cell);
    }

    @org.junit.jupiter.api.Test
    void controlCharactersDoNotHideAFormula() {
        assertThat(Exported.cell("\t=1")).isEqualTo("'\t=1");
        assertThat(Exported.cell("\r=1")).isEqualTo("\"'\r=1\"");
        assertThat(Exported.cell("a\nb")).isEqualTo("\"a\nb\"");
        assertThat(Exported.cell("")).isEmpty();
    }
}
