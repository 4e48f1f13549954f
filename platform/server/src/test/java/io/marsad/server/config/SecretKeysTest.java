package io.marsad.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.kernel.content.ContentException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretKeysTest {
    private static Config.Secrets read(String... pairs) throws ContentException, IOException {
        Map<String, String> set = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            set.put(pairs[i], pairs[i + 1]);
        }
        Map<String, String> environment = Map.of("BAO_TOKEN", "s.token");
        return ConfigFile.read(null, Path.of("data"), Path.of("content"), set, environment::get)
                .secrets();
    }

    @Test
    void keysAreInFilesUnlessSaidOtherwise() throws Exception {
        assertThat(read()).isEqualTo(new Config.Secrets.OfFiles());
        assertThat(read("secrets.store", "environment")).isEqualTo(new Config.Secrets.OfEnvironment("MARSAD_SECRET_"));
        var of = read(
                "secrets.store", "vault",
                "secrets.url", "https://bao.example:8200/v1/secret/data/marsad",
                "secrets.token", "${ENV:BAO_TOKEN}");
        assertThat(of)
                .isEqualTo(new Config.Secrets.OfVault(
                        URI.create("https://bao.example:8200/v1/secret/data/marsad"), "s.token"));
        assertThat(of.toString()).doesNotContain("s.token");
    }

    @ParameterizedTest
    @CsvSource({
        "files, https://bao.example/v1, t, 'secrets.store'",
        "vault, http://bao.example/v1, t, 'secrets.url'",
        "vault, bao.example, t, 'secrets.url'",
        "vault, https://bao.example/v1, , 'secrets.token'",
    })
    void whatCannotBeMeantIsRefused(String store, String url, String token, String named) {
        assertThatThrownBy(() ->
                        read("secrets.store", store, "secrets.url", url, "secrets.token", token == null ? "" : token))
                .isInstanceOf(ContentException.class)
                .hasMessageContaining(named);
    }
}
