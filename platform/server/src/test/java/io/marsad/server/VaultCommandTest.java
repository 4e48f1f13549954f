package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.server.cli.CommandTree;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code marsad vault}, and a start without the key. */
class VaultCommandTest extends RunningPlatform {
    VaultCommandTest() {
        super("vault-command");
    }

    private record Run(int code, String out) {}

    private Run run(String... words) {
        var arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--data", data.toString()));
        var out = new ByteArrayOutputStream();
        var before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            int code = CommandTree.run(arguments.toArray(String[]::new));
            return new Run(code, out.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(before);
        }
    }

    @Test
    void keysAreShownChangedAndChecked() throws Exception {
        var file = data.resolve("keys/vault.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        var key = Files.readString(file);
        var status = run("vault", "status");
        assertThat(status.code()).isZero();
        assertThat(status.out()).contains("master key ", file.toString()).doesNotContain(key.strip());
        var first = JSON.readTree(run("vault", "status", "--json").out())
                .path("master_key")
                .asString();

        var rotated = run("vault", "rotate", "--master", "--json");
        assertThat(rotated.code()).as(rotated.out()).isZero();
        assertThat(JSON.readTree(rotated.out()).path("master_key").asString()).isNotEqualTo(first);
        assertThat(Files.readString(file)).isNotEqualTo(key);
        assertThat(run("vault", "rotate").code()).isZero();
        assertThat(run("vault", "verify").out()).startsWith("all ").endsWith("secrets open\n");
        var acts = client.get("/v1/audit?action=vault.rotate").body().path("entries");
        assertThat(acts.values().stream().map(act -> act.path("object").asString()))
                .containsExactly("vault:data", "vault:master");
    }
}
