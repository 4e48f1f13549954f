package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.server.cli.CommandTree;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code marsad connectors new}: what it writes is the guide's example, and passes its own test. */
class ConnectorsCommandTest {
    @TempDir
    private Path folder;

    private record Run(int code, String out) {}

    /** Standard output is the commands' door. Tests of this module run one after the other. */
    private static Run run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            return new Run(CommandTree.run(arguments), out.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(before);
        }
    }

    @Test
    void beginsOneThatPassesItsOwnTest() throws Exception {
        var mine = folder.resolve("mine");
        var made = run("connectors", "new", "acme-firewall", mine.toString());
        assertThat(made.code()).isZero();
        assertThat(made.out()).contains("connectors check", "connectors test");
        assertThat(run("connectors", "check", mine.toString()).out()).contains("1 manifests, 0 faults");
        var tested = run("connectors", "test", mine.toString());
        assertThat(tested.out()).contains("8 exchanges of 4 operations of 1 connectors, 0 failed");
        assertThat(tested.code()).isZero();
        var guide = Files.readString(
                Path.of(System.getProperty("marsad.root", "../..")).resolve("docs/guides/connectors.md"));
        for (var file : new String[] {"acme-firewall.yaml", "acme-firewall.test.yaml"}) {
            assertThat(guide).as("the guide shows what is written").contains(Files.readString(mine.resolve(file)));
        }
        assertThat(run("connectors", "new", "acme-firewall", mine.toString()).code())
                .as("nothing is written over")
                .isOne();
    }

    @Test
    void wantsANameOfItsOwn() {
        for (var name : new String[] {"okta", "../evil", "Acme", "a--b", "a-", ""}) {
            assertThat(run("connectors", "new", name, folder.toString()).code())
                    .as(name)
                    .isOne();
        }
        assertThat(folder).isEmptyDirectory();
    }
}
