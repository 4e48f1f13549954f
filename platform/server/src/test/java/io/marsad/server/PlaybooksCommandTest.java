package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.server.cli.CommandTree;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad playbooks …}: what is printed, and the exit codes. */
class PlaybooksCommandTest {
    private static final String ID = "-00000000-0000-4000-8000-000000000001";
    private static final String PLAYBOOK = """
            type: playbook
            spec_version: cacao-2.0
            id: playbook-ID
            name: Block an address
            created_by: identity-ID
            created: 2026-11-22T08:00:00.000Z
            modified: 2026-11-22T08:00:00.000Z
            playbook_variables:
              __ip__: {type: ipv4-addr, external: true}
            workflow_start: start-ID
            workflow:
              start-ID: {type: start, on_completion: action-ID}
              action-ID:
                type: action
                name: Block it
                agent: group-ID
                commands: [{type: manual, command: "Block __ip__:value"}]
                in_args: [__ip__]
                step_extensions:
                  extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960:
                    action: block_ip
                    with: {ip: "__ip__:value"}
                    retry: {max: 1, backoff: 60000}
                on_success: end-ID
              end-ID: {type: end}
            agent_definitions:
              group-ID: {type: group, name: SOC}
            """.replace("-ID", ID.replaceFirst("-", "--"));
    private static final String CASE = """
            - name: busy at first
              given: {__ip__: 192.0.2.7}
              answers: {Block it: [{failed: busy, again: true}, {outputs: {}}]}
              expect:
                status: succeeded
                actions: [{action: block_ip, with: {ip: 192.0.2.7}}, {action: block_ip}]
            """;

    record Run(int code, String out) {
        JsonNode last() {
            return JsonMapper.shared().readTree(out.strip().lines().reduce("", (before, line) -> line));
        }
    }

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws Exception {
        Files.writeString(folder.resolve("block.yaml"), PLAYBOOK);
        Files.writeString(folder.resolve("block.test.yaml"), CASE);
    }

    /** Standard output is the commands' door. Tests of this module run one after the other. */
    static Run run(String... arguments) {
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
    void triesWhatIsBesideAPlaybook() throws Exception {
        var good = run("playbooks", "test", folder.toString(), "--format", "json");
        assertThat(good.code()).isZero();
        assertThat(good.last().get("playbooks").intValue()).isOne();
        assertThat(good.last().get("steps").intValue()).isEqualTo(3);
        assertThat(good.last().get("failed").intValue()).isZero();

        Files.writeString(
                folder.resolve("block.test.yaml"), CASE.replace("with: {ip: 192.0.2.7}", "with: {ip: 192.0.2.8}"));
        var wrong = run("playbooks", "test", folder.toString());
        assertThat(wrong.code()).isOne();
        assertThat(wrong.out())
                .contains("block.test.yaml:1: busy at first: block_ip was told ip = '192.0.2.7', and '192.0.2.8'");

        Files.delete(folder.resolve("block.test.yaml"));
        assertThat(run("playbooks", "test", folder.toString()).code()).isZero();
        assertThat(run("playbooks", "test", folder.toString(), "--strict").code())
                .isOne();
    }

    @Test
    void saysWhatKeepsOneFromBeingRun() throws Exception {
        assertThat(run("playbooks", "check", folder.toString(), "--strict").code())
                .isZero();
        Files.writeString(folder.resolve("block.yaml"), PLAYBOOK.replace("action: block_ip", "action: blok_ip"));
        var refused = run("playbooks", "check", folder.toString(), "--format", "json");
        assertThat(refused.code()).isOne();
        var finding = refused.last().get("findings").get(0);
        assertThat(finding.get("line").intValue()).isEqualTo(21);
        assertThat(finding.get("reason").stringValue())
                .isEqualTo("there is no action 'blok_ip' (did you mean 'block_ip'?)");
    }

    @Test
    void showsWhatWouldBeDone() {
        var file = folder.resolve("block.yaml").toString();
        var dry = run("playbooks", "dry-run", file, "--given", "__ip__=192.0.2.7");
        assertThat(dry.code()).isZero();
        assertThat(dry.out()).contains("Block it", "block_ip", "ip: 192.0.2.7", "one person", "succeeded");
        var failed = run(
                "playbooks", "dry-run", file, "--given", "__ip__=192.0.2.7", "--fails", "Block it", "--format", "json");
        assertThat(failed.code()).isOne();
        assertThat(failed.last().get("status").stringValue()).isEqualTo("failed");
        assertThat(failed.last().get("outbound").intValue()).isZero();
        assertThat(run("playbooks", "dry-run", file).out()).contains("__ip__: nobody gives it a value");
        assertThat(run("playbooks", "dry-run", file, "--given", "__ib__=1").code())
                .isEqualTo(2);
    }

    @Test
    void convertsThereAndBack() throws Exception {
        var yaml = folder.resolve("block.yaml").toString();
        var json = run("playbooks", "convert", yaml, "--to", "json").out();
        Files.writeString(folder.resolve("block.json"), json);
        var back = run("playbooks", "convert", folder.resolve("block.json").toString(), "--to", "canonical")
                .out();
        assertThat(back)
                .isEqualTo(
                        run("playbooks", "convert", yaml, "--to", "canonical").out())
                .startsWith("{\"agent_");
    }

    @Test
    void listsTheActions() {
        var actions = run("playbooks", "actions", "--format", "json").last();
        assertThat(actions.size()).isGreaterThan(30);
        assertThat(run("playbooks", "actions").out()).contains("isolate_host  (high)", "taken back by: release_host");
    }
}
