package io.marsad.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.soc.alert.RuleOrigin;
import io.marsad.soc.alert.RuleSnapshot;
import io.marsad.soc.record.RuleRecord.Proof;
import io.marsad.soc.rule.LoadedRules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleProofsTest {
    private static final Path CONTENT = Path.of(System.getProperty("marsad.root", "."), "content");
    private static final String RULE = """
            title: %s
            id: %s
            logsource: {product: windows, category: process_creation}
            detection: {seen: {Image|endswith: '\\whoami.exe'}, condition: seen}
            level: low
            """;
    private static final String SAMPLE = """
            fires:
              - name: whoami
                format: windows
                record: {EventID: 1, Provider_Name: Microsoft-Windows-Sysmon, Image: 'C:\\%s'}
            silent:
              - name: another program
                format: windows
                record: {EventID: 1, Provider_Name: Microsoft-Windows-Sysmon, Image: 'C:\\id.exe'}
            """;

    @TempDir
    Path folder;

    private void write(String name, String id) throws Exception {
        Files.writeString(folder.resolve(name + ".yaml"), RULE.formatted(name, id));
    }

    private static RuleSnapshot rule(String id, String set) {
        var origin = new RuleOrigin(set, "", "", "");
        return new RuleSnapshot(id, id, "low", null, null, null, List.of(), List.of(), List.of(), "", origin);
    }

    @Test
    void onlySamplesThatHoldProveARule() throws Exception {
        write("holds", "00000000-0000-4000-8000-0000000000a1");
        Files.writeString(folder.resolve("holds.test.yaml"), SAMPLE.formatted("whoami.exe"));
        write("fails", "00000000-0000-4000-8000-0000000000a2");
        Files.writeString(folder.resolve("fails.test.yaml"), SAMPLE.formatted("other.exe"));
        write("none", "00000000-0000-4000-8000-0000000000a3");
        var content = Content.load(CONTENT, List.of(folder));
        var loaded = new LoadedRules(content.rules(), _ -> new RuleOrigin("", "", "", ""));
        var proofs = new RuleProofs(() -> loaded, content.mappings());
        assertThat(proofs.of(rule("00000000-0000-4000-8000-0000000000a1", ""))).isEqualTo(Proof.TESTED);
        assertThat(proofs.of(rule("00000000-0000-4000-8000-0000000000a2", ""))).isEqualTo(Proof.UNTESTED);
        assertThat(proofs.of(rule("00000000-0000-4000-8000-0000000000a3", ""))).isEqualTo(Proof.UNTESTED);
        assertThat(proofs.of(rule("SIEM:42", ""))).isEqualTo(Proof.UNKNOWN);
        assertThat(proofs.of(rule("shipped", "marsad"))).isEqualTo(Proof.TESTED);
    }
}
