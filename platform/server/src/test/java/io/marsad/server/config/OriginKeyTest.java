package io.marsad.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The origin that passkeys are bound to. */
class OriginKeyTest {
    @Test
    void itIsWhatBrowsersWrite() {
        assertThat(ConfigFile.origin("https://soc.example.org").getHost()).isEqualTo("soc.example.org");
        assertThat(ConfigFile.origin(" https://soc.example.org:8443 ")).hasToString("https://soc.example.org:8443");
        assertThat(ConfigFile.origin("http://localhost:8480").getPort()).isEqualTo(8480);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "soc.example.org",
                "http://soc.example.org",
                "https://soc.example.org/",
                "https://soc.example.org/console",
                "https://soc.example.org:443",
                "https://SOC.example.org",
                "https://10.1.2.3",
                "https://[::1]:8480",
                "https://me@soc.example.org",
                "ftp://soc.example.org",
                "https://a b"
            })
    void nothingElseIsTaken(String text) {
        assertThatThrownBy(() -> ConfigFile.origin(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
