package io.marsad.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.tenant.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveListsTest {
    private static final TenantId ONE = new TenantId("one-tenant");
    private static final TenantId TWO = new TenantId("two-tenant");

    private static Object found(LiveLists lists, TenantId tenant, String list, String key) {
        var table = lists.find(tenant, list);
        return table == null ? "no list" : String.valueOf(table.find(key));
    }

    @Test
    void newListsAreUsedOnceTheyAreTaken(@TempDir Path folder) throws Exception {
        var content = Files.createDirectories(folder.resolve("content"));
        var lists = Files.createDirectories(folder.resolve("data/lists"));
        var own = Files.createDirectories(folder.resolve("data/tenants/one-tenant/lists"));
        Files.writeString(lists.resolve("assets.csv"), "host,owner\na,us\n");
        Files.writeString(lists.resolve("people.yaml"), "Administrators: [Alice]\n");
        var live = new LiveLists(content, folder.resolve("data"));
        assertThat(live.names(ONE)).containsExactly("Administrators", "assets");
        assertThat(found(live, TWO, "Administrators", "alice")).isEqualTo("[true]");

        Files.writeString(own.resolve("assets.csv"), "host,owner\na,one\n");
        live.read();
        assertThat(found(live, ONE, "assets", "A")).isEqualTo("[us]");
        live.take();
        assertThat(found(live, ONE, "assets", "A")).isEqualTo("[one]");
        assertThat(found(live, TWO, "assets", "A")).isEqualTo("[us]");

        Files.writeString(own.resolve("assets.csv"), "host,owner\na\n");
        assertThatThrownBy(live::read)
                .isInstanceOfSatisfying(
                        ContentException.class,
                        e -> assertThat(e.problems())
                                .singleElement()
                                .hasToString(own.resolve("assets.csv") + ":2: has 1 values where there are 2 columns"));
        live.take();
        assertThat(found(live, ONE, "assets", "A")).isEqualTo("[one]");
    }
}
