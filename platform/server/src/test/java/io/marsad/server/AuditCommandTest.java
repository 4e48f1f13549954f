package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.embedded.EmbeddedPostgres;
import io.marsad.server.cli.CommandTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/** {@code marsad audit verify}, beside a platform that runs and without one. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuditCommandTest extends RunningPlatform {
    AuditCommandTest() {
        super("audit-command");
    }

    private record Run(int code, JsonNode line) {}

    private Run verify(String... more) {
        var arguments = new java.util.ArrayList<>(
                java.util.List.of("audit", "verify", "--data", data.toString(), "--format", "json"));
        arguments.addAll(java.util.List.of(more));
        var out = new ByteArrayOutputStream();
        var before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            int code = CommandTree.run(arguments.toArray(String[]::new));
            var text = out.toString(StandardCharsets.UTF_8);
            return new Run(
                    code,
                    JSON.readTree(text.isBlank() ? "{}" : text.lines().toList().getLast()));
        } finally {
            System.setOut(before);
        }
    }

    private void asSuperuser(String sql) throws IOException, SQLException {
        try (var connection = Objects.requireNonNull(EmbeddedPostgres.administer(data.resolve("postgres")));
                var statement = connection.createStatement()) {
            statement.execute("SET search_path = marsad; SET session_replication_role = replica; " + sql);
        }
    }

    @Test
    @Order(1)
    void aRunningPlatformIsCheckedFromOutside() throws Exception {
        var good = verify();
        assertThat(good.code()).as(good.line().toString()).isZero();
        assertThat(good.line().path("ok").asBoolean()).isTrue();
        assertThat(good.line().path("entries").asLong()).isPositive();
        assertThat(good.line().path("first_bad").isNull()).isTrue();
        assertThat(verify("--tenant", "nobody-here").code()).isEqualTo(1);
        clientOfAdmin("events:read").close(); // somebody signs in and makes a token
        assertThat(verify().line().path("entries").asLong())
                .isGreaterThan(good.line().path("entries").asLong());
    }

    @Test
    @Order(2)
    void itIsSealedWhenThePlatformStopsAndCheckedWithout() throws Exception {
        node.close();
        try (var files = Files.list(data.resolve("audit"))) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).allMatch(name -> name.endsWith(".checkpoint"));
        }
        var good = verify();
        assertThat(good.code()).as(good.line().toString()).isZero();
        var tenant = good.line().path("tenants").get(0);
        assertThat(tenant.path("sealed").asLong())
                .isEqualTo(tenant.path("entries").asLong());
        node = ChildNode.start(data);
    }

    @Test
    @Order(3)
    void whatASuperuserDidIsNamed() throws Exception {
        asSuperuser("UPDATE audit_log SET actor = 'user:nobody' WHERE seq = 2");
        var bad = verify();
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.line().path("ok").asBoolean()).isFalse();
        assertThat(bad.line().path("first_bad").asLong()).isEqualTo(2);
    }
}
