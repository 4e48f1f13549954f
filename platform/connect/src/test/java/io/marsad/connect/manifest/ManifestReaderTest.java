package io.marsad.connect.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.connect.replay.ConnectorTests;
import io.marsad.kernel.content.ContentException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestReaderTest {
    private static final String GOOD = """
            connector: acme
            version: 1
            title: Acme
            documentation: https://docs.example.org/api
            description: For tests
            config: {url: {type: url, description: Where it is}}
            secrets: {token: {description: A token, find: In the settings}}
            base: ${config.url}
            auth: {bearer: token}
            limits: {requests_per_minute: 60}
            test: ping
            operations:
              ping: {title: Ping, kind: read, request: {method: GET, path: /ping}, outputs: {name: name}}
              block:
                title: Block
                kind: write
                parameters: {ip: {type: ip, description: Which}}
                idempotency: natural
                request: {method: PUT, path: '/block/${parameters.ip}'}
                rollback: {operation: allow, parameters: {ip: '${parameters.ip}'}}
                verify: {operation: ping, expect: {path: name, equals: '${parameters.ip}'}}
              allow:
                title: Allow
                kind: write
                parameters: {ip: {type: ip, description: Which}}
                idempotency: natural
                request: {method: DELETE, path: '/block/${parameters.ip}'}
            """;

    @Test
    void whatIsRightIsRead() throws Exception {
        assertThat(ManifestReader.read("acme.yaml", GOOD).operations()).containsOnlyKeys("ping", "block", "allow");
    }

    @Test
    void everyFaultIsSaidAtOnceWithItsLine() {
        var bad = GOOD.replace("version: 1", "version: one\nflavour: mild")
                .replace(
                        "type: ip, description: Which}}\n    idempotency: natural\n    request: {method: PUT",
                        "type: ipp, description: Which}}\n    idempotency: natural\n    request: {method: PUT")
                .replace("{bearer: token}", "{bearer: tokn}")
                .replace("test: ping", "test: block")
                .replace("operation: allow,", "operation: alow,")
                .replace("path: /ping}", "path: 'ping?x=1'}");
        assertThatThrownBy(() -> ManifestReader.read("acme.yaml", bad))
                .isInstanceOf(ContentException.class)
                .hasMessageContaining("acme.yaml:3: unknown key 'flavour'")
                .hasMessageContaining("acme.yaml:2: 'version' is not a whole number")
                .hasMessageContaining("there is no secret 'tokn' (did you mean 'token'?)")
                .hasMessageContaining("'test' names no operation that reads")
                .hasMessageContaining("'ipp' is none of")
                .hasMessageContaining("did you mean 'ip'")
                .hasMessageContaining("there is no operation 'alow' (did you mean 'allow'?)")
                .hasMessageContaining("a path begins with a slash");
    }

    @Test
    void whatWouldOnlyFailInServiceIsRefused() {
        refused(
                GOOD.replace("/block/${parameters.ip}'}\n    rollback", "/block/${parameters.ipp}'}\n    rollback"),
                "there is no value for ${parameters.ipp} 'ipp' (did you mean 'ip'?)");
        refused(
                GOOD.replace("    idempotency: natural\n    request: {method: PUT", "    request: {method: PUT"),
                "'idempotency' is missing");
        refused(GOOD.replaceFirst("idempotency: natural", "idempotency: key"), "is nowhere in the request");
        refused(GOOD.replace("base: ${config.url}", "base: http://example.org"), "'base' begins with https://");
        refused(
                GOOD.replace("'${parameters.ip}'}\n  allow", "'${ip}'}\n  allow")
                        .replace("equals: '${parameters.ip}'", "equals: '${ip}'"),
                "'${ip}' is none of");
        refused(
                GOOD.replace("path: /ping}", "path: /ping, query: {q: \"name:'${config.url}'\"}}"),
                "say which language");
        refused(
                GOOD.replace("{type: ip, description: Which}", "{type: ip, description: Which, required: false}"),
                "stands in a path");
        refused(GOOD.replace("{type: ip, description: Which}", "{pattern: '(', description: Which}"), "no pattern");
        refused(
                GOOD.replace(
                        "rollback: {operation: allow, parameters: {ip: '${parameters.ip}'}}",
                        "rollback: {operation: allow}"),
                "calls allow without its 'ip'");
        refused(GOOD.replace("rollback: {operation: allow", "verify_: {operation: allow"), "unknown key 'verify_'");
    }

    private static void refused(String text, String reason) {
        assertThat(text).isNotEqualTo(GOOD);
        assertThatThrownBy(() -> ManifestReader.read("acme.yaml", text))
                .isInstanceOf(ContentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void theExampleOfTheTutorialWorks(@TempDir java.nio.file.Path folder) throws Exception {
        var guide = Files.readString(java.nio.file.Path.of(System.getProperty("marsad.root", "../.."))
                .resolve("docs/guides/connectors.md"));
        Files.writeString(folder.resolve("acme-firewall.yaml"), block(guide, "acme-firewall.yaml"));
        Files.writeString(folder.resolve("acme-firewall.test.yaml"), block(guide, "acme-firewall.test.yaml"));
        var report = ConnectorTests.run(folder);
        assertThat(report.failures()).isEmpty();
        assertThat(report.operations()).isEqualTo(4);
    }

    /** The block of code whose first line is a comment with this name. */
    private static String block(String guide, String name) {
        int at = guide.indexOf("```yaml\n# " + name + "\n");
        assertThat(at).isNotNegative();
        int begin = at + "```yaml\n".length();
        return guide.substring(begin, guide.indexOf("```", begin));
    }

    @Test
    void whatFailsIsCountedAndNamed(@TempDir java.nio.file.Path folder) throws Exception {
        Files.writeString(folder.resolve("acme.yaml"), GOOD);
        Files.writeString(folder.resolve("acme.test.yaml"), """
                connector: acme
                config: {url: 'https://acme.example.org'}
                secrets: {token: abcdefgh}
                exchanges:
                  - name: another path
                    operation: ping
                    requests: [{ask: GET https://acme.example.org/pong, headers: {Authorization: Bearer abcdefgh}}]
                    outcome: refused
                """);
        var report = ConnectorTests.run(folder);
        assertThat(report.json()).startsWith("{\"connectors\":1,\"operations\":3,\"exchanges\":1,\"failed\":");
        assertThat(report.failed()).isGreaterThan(5);
        assertThat(report.failures().toString())
                .contains("the address is recorded as https://acme.example.org/pong and came as")
                .contains("is not recorded: block rollback")
                .contains("is not recorded: block verified confirmed");
    }
}
