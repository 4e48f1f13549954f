package io.marsad.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.store.Retention;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RetentionKeysTest {
    @TempDir
    private Path folder;

    private Config.Retain read(String yaml) throws IOException, ContentException {
        var file = Files.writeString(folder.resolve("marsad.yaml"), yaml);
        return ConfigFile.read(file, folder, folder, Map.of(), _ -> null)
                .store()
                .retention();
    }

    @Test
    void tenantsHaveWhatAllHaveWhereTheySayNothing() throws Exception {
        var read = read("""
                retention:
                  days: 90
                  classes: {4: 30, 4001: 7}
                  tenants:
                    acme: {days: 365}
                    lab: {classes: {4001: 0}}
                """);
        assertThat(read.of(new TenantId("other"))).isEqualTo(new Retention(90, Map.of(4, 30, 4001, 7)));
        assertThat(read.of(new TenantId("acme"))).isEqualTo(new Retention(365, Map.of(4, 30, 4001, 7)));
        var lab = read.of(new TenantId("lab"));
        assertThat(lab).isEqualTo(new Retention(90, Map.of(4, 30, 4001, 0)));
        assertThat(lab.daysOf(4001)).isEqualTo(Integer.MAX_VALUE);
        assertThat(lab.daysOf(4002)).isEqualTo(30);
        assertThat(lab.daysOf(1007)).isEqualTo(90);
        assertThat(read("watch: false").of(new TenantId("any"))).isEqualTo(Retention.FOREVER);
    }

    @Test
    void whatIsNoNumberOfDaysIsRefusedWithItsLine() {
        assertThatThrownBy(() -> read("""
                retention:
                  days: -1
                  classes: {network: 3}
                  tenants:
                    A: {days: 3}
                """))
                .isInstanceOf(ContentException.class)
                .hasMessageContaining(":2")
                .hasMessageContaining("0 (for ever)")
                .hasMessageContaining("retention.classes.network")
                .hasMessageContaining("retention.tenants.A.days");
    }
}
