package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.server.cli.CommandTree;
import io.marsad.server.client.PlatformClient;
import io.marsad.server.node.LocalAccess;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** {@code marsad user}, {@code marsad token}, {@code marsad tenant} and {@code marsad report}. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UserCommandTest extends RunningPlatform {
    UserCommandTest() {
        super("user-command");
    }

    @Override
    void prepare() throws Exception {
        var folder = Files.createDirectories(data.resolve("templates").resolve("tenants"));
        Files.writeString(folder.resolve("branch.yaml"), """
                name: branch
                description: A branch of ours.
                quota: {events_per_second: 50, storage_gb: 2}
                roles: [{name: watcher, permissions: [alerts:read]}]
                second_factor: [watcher]
                """);
        Files.writeString(folder.resolve("odd.yaml"), "name: odd\ndescription: x\nquotas: {}\n");
    }

    private record Run(int code, String out, String err) {}

    private Run run(String... words) {
        var arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--data", data.toString()));
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var outBefore = System.out;
        var errBefore = System.err;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            int code = CommandTree.run(arguments.toArray(String[]::new));
            return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }

    private int signIn(String name, String password) throws Exception {
        return client.post("/v1/auth/login", Map.of("username", name, "password", password))
                .status();
    }

    @Test
    @Order(1)
    void usersAreMadeChangedAndLockedOut() throws Exception {
        var made = JSON.readTree(
                run("user", "create", "ada", "--role", "soc_analyst", "--json").out());
        var password = made.path("password").asString();
        assertThat(signIn("ada", password)).isEqualTo(200);
        assertThat(run("user", "list").out().lines())
                .anySatisfy(line -> assertThat(line).matches("ada +soc_analyst +enabled +20..-.* +1"))
                .anySatisfy(line -> assertThat(line).startsWith("admin ").contains(" platform_admin "));
        assertThat(run("user", "set-role", "Ada", "auditor").out()).contains("ada: auditor, enabled");
        assertThat(run("user", "disable", "ada").code()).isZero();
        assertThat(signIn("ada", password)).isEqualTo(401);
        assertThat(run("user", "enable", "ada").out()).contains("ada: auditor, enabled");
        var reset = run("user", "reset-password", "ada", "--json");
        assertThat(reset.code()).as(reset.err()).isZero();
        assertThat(signIn("ada", password)).isEqualTo(401);
        assertThat(signIn("ada", JSON.readTree(reset.out()).path("password").asString()))
                .isEqualTo(200);
    }

    @Test
    @Order(2)
    void whatIsRefusedIsSaid() {
        var last = run("user", "disable", "admin");
        assertThat(last.code()).isEqualTo(1);
        assertThat(last.err()).contains("admin is the last platform_admin who can sign in");
        assertThat(run("user", "set-role", "admni", "auditor").err()).contains("there is no user 'admni'", "'admin'");
        assertThat(run("user", "create", "bob", "--role", "auditer").err()).contains("did you mean 'auditor'?");
        assertThat(run("user", "create", "bob").code()).as("a role is needed").isEqualTo(2);
        assertThat(run("token", "create", "t", "--permission", "event:read").err())
                .contains("did you mean 'events:read'?");
        assertThat(run("token", "create", "t", "--expires", "soon").err()).contains("'soon' is not a length");
        assertThat(run("token", "revoke", "nothing").err()).contains("there is no token 'nothing'");
    }

    @Test
    @Order(3)
    void tokensAreMadeChangedAndRevoked() throws Exception {
        var made = run(
                "token", "create", "sensor", "--permission", "events:read,alerts:read", "--expires", "90d", "--json");
        var secret = JSON.readTree(made.out()).path("secret").asString();
        assertThat(alerts(secret)).isEqualTo(200);
        assertThat(run("token", "list").out().lines())
                .anySatisfy(line -> assertThat(line).matches(".* sensor +20..-.* +20..-.* alerts:read events:read"));
        var rotated = run("token", "rotate", "sensor", "--json");
        var other = JSON.readTree(rotated.out()).path("secret").asString();
        assertThat(alerts(secret)).isEqualTo(401);
        assertThat(alerts(other)).isEqualTo(200);
        assertThat(run("token", "revoke", "sensor").out()).contains("sensor is revoked");
        assertThat(alerts(other)).isEqualTo(401);
    }

    private int alerts(String secret) throws Exception {
        try (var machine = new PlatformClient(
                Objects.requireNonNull(LocalAccess.read(data)).url(), secret)) {
            return machine.get("/v1/alerts").status();
        }
    }

    @Test
    @Order(4)
    void tenantsAreMadeFromTemplates() throws Exception {
        var fault = "templates/tenants/odd.yaml:3: unknown key 'quotas' (did you mean 'quota'?)";
        assertThat(node.output()).contains("refused: " + fault);
        assertThat(run("tenant", "templates").out())
                .contains("customer  A customer", "trial  ", "odd  (this installation's own)  REFUSED", fault)
                .contains("branch  (this installation's own)  A branch of ours.")
                .containsSubsequence("50 events/s", "2,000,000,000 bytes", "any number of queries at once")
                .containsPattern("role +watcher +alerts:read\\R +second factor +watcher");
        assertThat(JSON.readTree(run("tenant", "templates", "--json").out())
                        .path("templates")
                        .valueStream()
                        .map(template -> template.path("name").asString()))
                .containsExactly("branch", "customer", "odd", "regulated", "trial");
        assertThat(run("tenant", "create", "acme", "--template", "brnch").err()).contains("did you mean 'branch'?");
        assertThat(run("tenant", "create", "acme", "--template", "odd").err()).contains("has faults", fault);
        var dry = run("tenant", "create", "acme", "--template", "branch", "--dry-run");
        assertThat(dry.out()).contains("Would make acme, with its first administrator", "watcher", "Nothing was made.");
        assertThat(run("tenant", "create", "acme", "--template", "odd", "--dry-run")
                        .err())
                .contains(fault);
        assertThat(run("tenant", "create", "Not An Id", "--dry-run").code()).isEqualTo(1);
        var made = run("tenant", "create", "acme", "--template", "branch");
        assertThat(made.out()).contains("quota 50/s 2000000000 bytes - queries").contains("Login  admin / ");
        assertThat(run("tenant", "create", "acme", "--dry-run").err()).contains("there is a tenant 'acme'");
    }

    @Test
    @Order(4)
    void theReportOfAWeek() {
        var document = run("report", "--week", "2026-W10");
        assertThat(document.code()).as(document.err()).isZero();
        assertThat(document.out()).startsWith("# Decisions in week 2026-W10\n").endsWith("None was asked.\n");
        var data = JSON.readTree(
                run("report", "--week", "2026-W10", "--format", "json").out());
        assertThat(data.path("decisions").path("count").asInt(-1)).isZero();
        assertThat(run("report").out()).matches("(?s)# Decisions in week 20..-W..\\R.*");
        assertThat(run("report", "--week", "47").err()).contains("'47' is no week: one is written like 2026-W47");
        var refused = run("report", "--week", "2026-W54");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("2026 has the weeks 1 to 53");
    }

    @Test
    @Order(5)
    void aPasswordIsResetWhenThePlatformIsStopped() throws Exception {
        node.close();
        assertThat(run("user", "list").err()).contains("no platform runs on");
        var reset = run("user", "reset-password", "admin");
        assertThat(reset.code()).as(reset.err()).isZero();
        assertThat(reset.out()).startsWith("admin / ");
        assertThat(run("user", "reset-password", "nobody").err()).contains("there is no account named 'nobody'");
    }
}
