package io.marsad.agent.act;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Runs scripts that the policy of this host has, known by their SHA-256, and no others. */
final class Scripts implements HostAction {
    private static final Duration MOST = Duration.ofMinutes(5);
    private static final int MOST_ARGUMENTS = 32;

    private final Path folder;
    private final Supplier<Map<String, String>> allowed;

    /** @param allowed texts of scripts by SHA-256, as the policy in force has them */
    Scripts(Path data, Supplier<Map<String, String>> allowed) {
        this.folder = data.resolve("scripts");
        this.allowed = allowed;
    }

    @Override
    public Set<String> names() {
        return Set.of("run_script");
    }

    @Override
    public boolean isSlow() {
        return true;
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public Done perform(Told told) throws ActionFailed, IOException, InterruptedException {
        var sha256 = told.text("sha256").toLowerCase(Locale.ROOT);
        var text = allowed.get().get(sha256);
        var bytes = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
        if (bytes == null || !Sums.hex(Sums.sha256().digest(bytes)).equals(sha256)) {
            throw new ActionFailed("the policy of this host has no script with this SHA-256");
        }
        var command = new ArrayList<String>();
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        var file = folder.resolve(told.id().toString()); // a path of its own: what runs is not changed beneath it
        Files.write(file, bytes);
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
            command.add(file.toAbsolutePath().toString());
            arguments(told, command);
            var ended = Commands.run("", List.copyOf(command), MOST);
            var proof = Done.seen().put("sha256", sha256).put("exit_code", ended.code());
            proof.put(
                    "output_sha256",
                    Sums.hex(Sums.sha256().digest(ended.output().getBytes(StandardCharsets.UTF_8))));
            return new Done(
                    Map.of("output", ended.output(), "exit_code", Integer.toString(ended.code())),
                    proof.put("output_cut", ended.cut()));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void arguments(Told told, List<String> command) throws ActionFailed {
        var arguments = told.parameters().path("arguments");
        if (arguments.size() > MOST_ARGUMENTS) {
            throw new ActionFailed("arguments: at most " + MOST_ARGUMENTS);
        }
        for (var one : arguments) {
            command.add(one.asString(""));
        }
    }
}
