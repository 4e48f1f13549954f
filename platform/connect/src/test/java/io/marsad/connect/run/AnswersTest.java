package io.marsad.connect.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AnswersTest {
    @Test
    void xmlIsATree() {
        assertThat(String.valueOf(Answers.xml("<r s='1'><i>a</i><i>b</i><n><!-- c --><x/></n></r>")))
                .isEqualTo("{\"r\":{\"@s\":\"1\",\"i\":[\"a\",\"b\"],\"n\":{\"x\":\"\"}}}");
    }

    @Test
    void xmlThatReachesOutsideOrIsTooMuchIsNone() {
        assertThat(Answers.xml("<!DOCTYPE r [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><r>&e;</r>"))
                .isNull();
        assertThat(Answers.xml("<!DOCTYPE r SYSTEM 'http://127.0.0.1/x'><r/>")).isNull();
        assertThat(Answers.xml("<r>&unknown;</r>")).isNull();
        assertThat(Answers.xml("<a>".repeat(100) + "</a>".repeat(100))).isNull();
        assertThat(Answers.xml("<r>" + "<a/>".repeat(60_000) + "</r>")).isNull();
        assertThat(Answers.xml("not xml")).isNull();
        assertThat(Answers.json("[".repeat(5000))).isNull();
    }
}
