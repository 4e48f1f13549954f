package io.marsad.agent.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.agent.policy.Policy;
import io.marsad.wire.FalcoRulesHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules of a policy come to where the Falco of the host looks for them, and go when the policy has none. */
final class FalcoRulesTest {
    private static final String RULES = "- list: our_shells\n  items: [zsh]\n";
    private static final List<String> NOBODY = List.of();

    @TempDir
    private Path root;

    @BeforeEach
    void begin() throws IOException {
        Files.createDirectories(root.resolve("etc/falco"));
    }

    private FalcoRules rules(String text, List<String> disable, List<String> enable, List<String> validator) {
        var usual = Policy.Falco.USUAL;
        return new FalcoRules(
                new Policy.Falco(usual.address(), usual.certificates(), usual.folder(), text, disable, enable),
                new HostRoot(root),
                validator);
    }

    private Path file(String folder) {
        return root.resolve("etc/falco").resolve(folder).resolve("marsad.yaml");
    }

    @Test
    void rulesAndWhatIsSwitchedAreWrittenChangedBackAndTakenAway() throws IOException {
        var some = rules(RULES, List.of("Terminal shell in container", "It's \"odd\""), List.of("Run shell"), NOBODY);
        some.look();
        assertThat(some.trouble()).isEmpty();
        assertThat(some.applied())
                .isEqualTo(FalcoRulesHash.of(
                        RULES, List.of("Terminal shell in container", "It's \"odd\""), List.of("Run shell")))
                .hasSize(64);
        assertThat(file("rules.d")).content().startsWith("# Written by").endsWith(RULES);
        assertThat(file("config.d"))
                .content()
                .endsWith("rules:\n  - disable:\n      rule: \"Terminal shell in container\"\n"
                        + "  - disable:\n      rule: \"It's \\\"odd\\\"\"\n  - enable:\n      rule: \"Run shell\"\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("rules.d"))))
                .isEqualTo("rw-r--r--");
        var head = Files.readString(file("rules.d")).lines().findFirst().orElseThrow();
        Files.writeString(file("rules.d"), head + "\n- list: somebody_elses\n  items: []\n");
        some.look();
        assertThat(file("rules.d")).content().endsWith(RULES);
        var none = rules("", List.of(), List.of(), NOBODY);
        none.look();
        assertThat(file("rules.d")).doesNotExist();
        assertThat(file("config.d")).doesNotExist();
        assertThat(none.applied()).isEmpty();
        assertThat(none.trouble()).isEmpty();
    }

    @Test
    void whatTheFalcoOfTheHostRefusesIsNotPutThereAndWhyIsSaid() throws IOException {
        var falco = root.resolve("falco");
        Files.writeString(
                falco,
                "#!/bin/sh\necho \"$@\" | grep -q 'falco_rules.yaml -V' || exit 3\n"
                        + "for last; do :; done\nif grep -q wrong \"$last\"; then echo 'LOAD_ERR_COMPILE_CONDITION'; exit 1; fi\n");
        Files.setPosixFilePermissions(falco, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(root.resolve("etc/falco/falco_rules.yaml"), "[]\n");
        var validator = List.of(falco.toString());
        var good = rules(RULES, List.of(), List.of(), validator);
        good.look();
        assertThat(good.trouble()).isEmpty();
        var bad = rules("- macro: wrong\n  condition: evt.nosuch = 1\n", List.of(), List.of(), validator);
        bad.look();
        assertThat(bad.trouble()).contains("refuses the rules", "LOAD_ERR_COMPILE_CONDITION");
        assertThat(bad.applied()).as("not the new ones").isEmpty();
        Files.delete(falco);
        bad.look();
        assertThat(bad.trouble()).as("it is asked once").contains("LOAD_ERR_COMPILE_CONDITION");
        assertThat(file("rules.d")).content().endsWith(RULES);
    }

    @Test
    void whatIsNotOursIsLeftAlone() throws IOException {
        Files.createDirectories(file("rules.d").getParent());
        Files.writeString(file("rules.d"), "- list: theirs\n  items: []\n");
        var some = rules(RULES, List.of(), List.of(), NOBODY);
        some.look();
        assertThat(some.trouble()).contains("is not ours");
        assertThat(file("rules.d")).content().contains("theirs");
        var none = rules("", List.of(), List.of(), NOBODY);
        none.look();
        assertThat(file("rules.d")).exists();
    }

    @Test
    void aHostWithoutAFalcoSaysSo() throws IOException {
        Files.delete(root.resolve("etc/falco"));
        var some = rules(RULES, List.of(), List.of(), NOBODY);
        some.look();
        assertThat(some.trouble()).contains("is a Falco installed");
        var none = rules("", List.of(), List.of(), NOBODY);
        none.look();
        assertThat(none.trouble()).isEmpty();
    }
}
