package io.marsad.agent.collect;

import io.marsad.agent.host.HostProgram;
import io.marsad.agent.policy.Policy;
import io.marsad.uplink.DurableFile;
import io.marsad.wire.FalcoRulesHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Rules that the policy has for the Falco on this host, in two files of our own: {@code rules.d/marsad.yaml} and, for what
 * is switched on and off, {@code config.d/marsad.yaml}, both of which Falco reads again when they change
 * ({@code watch_config_files}). Before they are put there the Falco on the host is asked whether it takes them. A policy
 * without any takes them away. One thread uses it.
 */
final class FalcoRules {
    private static final String HEAD =
            "# Written by the Marsad agent, as its policy says: what is changed here is put back.\n";
    private static final String FILE = "marsad.yaml";
    private static final Duration MOST = Duration.ofSeconds(30);
    private static final int LONGEST = 500;

    private final Policy.Falco wanted;
    private final Path folder;
    private final List<String> validator;
    private String applied = "";
    private String trouble = "";
    private String refused = "";

    /** @param validator the command that judges rules files; its files follow, each behind {@code -V} */
    FalcoRules(Policy.Falco wanted, HostRoot root, List<String> validator) {
        this.wanted = wanted;
        this.folder = root.of(wanted.folder());
        this.validator = List.copyOf(validator);
    }

    /** Sees that the files are as the policy says. */
    void look() {
        try {
            var rules = wanted.rules().isBlank() ? "" : HEAD + wanted.rules().strip() + "\n";
            boolean changed = !content(rules()).equals(rules);
            if (changed && !rules.isEmpty()) {
                if (rules.equals(refused)) {
                    return; // it was asked already: another policy has to come
                }
                require(rules);
            }
            put(rules(), rules);
            put(selection(), selected());
            applied = FalcoRulesHash.of(wanted.rules(), wanted.disable(), wanted.enable());
            trouble = "";
        } catch (IOException e) {
            trouble = Found.cut(String.valueOf(e.getMessage()), LONGEST);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            trouble = "the agent stops";
        }
    }

    /** {@link FalcoRulesHash} of what is in force; empty: nothing of ours is. */
    String applied() {
        return applied;
    }

    /** Why the policy's rules are not in force; empty: they are. */
    String trouble() {
        return trouble;
    }

    private Path rules() {
        return folder.resolve("rules.d").resolve(FILE);
    }

    private Path selection() {
        return folder.resolve("config.d").resolve(FILE);
    }

    /** Falco's own words for what is switched off and on; JSON's strings are YAML's, too. */
    private String selected() {
        if (wanted.disable().isEmpty() && wanted.enable().isEmpty()) {
            return "";
        }
        var text = new StringBuilder(HEAD).append("rules:\n");
        wanted.disable().forEach(name -> selected(text, "disable", name));
        wanted.enable().forEach(name -> selected(text, "enable", name));
        return text.toString();
    }

    private static void selected(StringBuilder to, String how, String name) {
        to.append("  - ").append(how).append(":\n      rule: ");
        to.append(JsonNodeFactory.instance.stringNode(name)).append('\n');
    }

    private static String content(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private void put(Path file, String content) throws IOException {
        var before = content(file);
        if (before.equals(content)) {
            return;
        }
        if (!before.isEmpty() && !before.startsWith(HEAD)) {
            throw new IOException(file + " is not ours, and is left alone");
        }
        if (content.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + " is not there: is a Falco installed on this host?");
        }
        Files.createDirectories(file.getParent());
        DurableFile.replace(file, content.getBytes(StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--")); // Falco may be somebody else
    }

    /** Asks the Falco on the host, with the rules that it has, since ours may name macros of theirs. */
    private void require(String rules) throws IOException, InterruptedException {
        if (validator.isEmpty() || !Files.isExecutable(Path.of(validator.getFirst()))) {
            return; // in a container, say: then only the Falco itself can tell
        }
        var tried = Files.createTempFile("marsad-falco", ".yaml");
        try {
            Files.writeString(tried, rules);
            var command = new ArrayList<>(validator);
            var shipped = folder.resolve("falco_rules.yaml");
            if (Files.isReadable(shipped)) {
                command.addAll(List.of("-V", shipped.toString()));
            }
            command.addAll(List.of("-V", tried.toString()));
            HostProgram.Ended ended;
            try {
                ended = new HostProgram(command, "", Map.of(), MOST, LONGEST * 8, true).run();
            } catch (IOException e) {
                refused = rules; // it would stand still at the next look again
                throw e;
            }
            if (ended.code() != 0) {
                refused = rules;
                throw new IOException("the Falco on this host refuses the rules: "
                        + Found.cut(ended.text().strip(), LONGEST));
            }
        } finally {
            Files.deleteIfExists(tried);
        }
    }
}
