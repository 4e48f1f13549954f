package io.marsad.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.server.config.Config;
import io.marsad.server.config.ConfigFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not safe is not started, and the reason says what helps. */
class SafeSettingsTest {
    @TempDir
    private Path data;

    private Config config(Map<String, String> settings) throws Exception {
        return ConfigFile.read(null, data, data, settings, name -> null);
    }

    @Test
    void theDefaultsAreSafe() throws Exception {
        assertThat(SafeSettings.faults(config(Map.of()))).isEmpty();
        assertThat(SafeSettings.faults(config(Map.of("http.address", "::1")))).isEmpty();
        assertThat(SafeSettings.faults(config(Map.of("http.address", "0.0.0.0", "http.plain", "true"))))
                .isEmpty();
    }

    @Test
    void passwordsDoNotTravelInPlainText() throws Exception {
        var open = config(Map.of("http.address", "0.0.0.0"));
        assertThatThrownBy(() -> SafeSettings.require(open))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("http.tls.certificate")
                .hasMessageContaining("http.plain: true");
    }

    @Test
    void aKeyThatOthersReadIsNone() throws Exception {
        var key = Files.writeString(data.resolve("own.key"), "secret");
        var settings =
                Map.of("http.tls.certificate", data.resolve("own.pem").toString(), "http.tls.key", key.toString());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(SafeSettings.faults(config(settings)))
                .singleElement()
                .asString()
                .contains("chmod 600 " + key);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(SafeSettings.faults(config(settings))).isEmpty();
    }

    @Test
    void wellKnownPasswordsAreRefused() throws Exception {
        var faults = SafeSettings.faults(config(Map.of(
                "database.url", "jdbc:postgresql://db/marsad",
                "database.owner", "soc_owner",
                "database.owner_password", "Soc_Owner",
                "database.user", "soc",
                "database.password", "tooshort")));
        assertThat(faults).hasSize(2);
        assertThat(faults.getFirst()).contains("database.owner_password", "everybody tries first");
        assertThat(faults.getLast())
                .contains("database.password", "shorter than 12")
                .doesNotContain("tooshort");
    }
}
