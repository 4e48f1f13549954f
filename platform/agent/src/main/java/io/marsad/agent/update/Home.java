package io.marsad.agent.update;

import io.marsad.uplink.DurableFile;
import io.marsad.wire.AgentPackage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where versions of the agent are installed: {@code versions/VERSION}, links to the {@code current} one and to the {@code previous}
 * one, and which is on {@code trial} or has {@code failed}. The same files are read by the guard that begins the agent
 * ({@code bin/marsad-agent}). Not thread-safe.
 */
public final class Home {
    /** In which environment variable the guard says where it is. */
    public static final String VARIABLE = "MARSAD_AGENT_HOME";

    private static final String TRIAL = "trial";
    private static final String FAILED = "failed";
    private static final String TRIED = "tried";
    private static final String CURRENT = "current";
    private static final String PREVIOUS = "previous";

    private final Path folder;

    /**
     * A version that is tried, or was.
     *
     * @param policy version of the policy that named it
     */
    public record Trial(String version, String sha256, long policy) {
        /** Whether this is a try of the same again, by the same policy. */
        boolean isOf(AgentPackage named, long by) {
            return sha256.equals(named.sha256()) && policy == by;
        }
    }

    private Home(Path folder) {
        this.folder = folder;
    }

    /** @param folder null: the guard has not begun this agent @return empty: it was not installed so that it can be replaced */
    public static Optional<Home> at(@Nullable String folder) {
        if (folder == null || folder.isEmpty()) {
            return Optional.empty();
        }
        var home = new Home(Path.of(folder));
        return Files.isSymbolicLink(home.folder.resolve(CURRENT)) ? Optional.of(home) : Optional.empty();
    }

    /** Bytes that there is room for. */
    long room() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    /** Where a version is, or would be. */
    Path version(String version) {
        return folder.resolve("versions").resolve(version);
    }

    Optional<Trial> trial() throws IOException {
        return read(TRIAL);
    }

    /** That was given up last; the guard has put the previous one back. */
    Optional<Trial> failed() throws IOException {
        return read(FAILED);
    }

    private Optional<Trial> read(String name) throws IOException {
        var file = folder.resolve(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var words = Files.readString(file).strip().split(" ", -1);
        try {
            return Optional.of(new Trial(words[0], words[1], Long.parseLong(words[2])));
        } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
            throw new IOException(file + ": version, SHA-256 and policy are expected", e);
        }
    }

    /** From now on the guard begins this one; it is on trial. */
    void begin(Trial trial) throws IOException {
        link(PREVIOUS, Files.readSymbolicLink(folder.resolve(CURRENT)));
        Files.deleteIfExists(folder.resolve(TRIED));
        Files.deleteIfExists(folder.resolve(FAILED));
        var line = trial.version + " " + trial.sha256 + " " + trial.policy + "\n";
        DurableFile.replace(folder.resolve(TRIAL), line.getBytes(StandardCharsets.UTF_8));
        link(CURRENT, Path.of("versions", trial.version));
    }

    private void link(String name, Path to) throws IOException {
        var next = folder.resolve(name + ".next");
        Files.deleteIfExists(next);
        Files.createSymbolicLink(next, to);
        Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The one on trial stays, and those go that are neither it nor the one before. */
    void keep() throws IOException {
        forgetTrial();
        Files.deleteIfExists(folder.resolve(FAILED));
        clean();
    }

    /** Nothing is on trial any more: it has proved itself, or was never begun. */
    void forgetTrial() throws IOException {
        Files.deleteIfExists(folder.resolve(TRIAL));
        Files.deleteIfExists(folder.resolve(TRIED));
    }

    private void clean() throws IOException {
        var stay = Set.of(target(CURRENT), target(PREVIOUS));
        try (var all = Files.newDirectoryStream(folder.resolve("versions"))) {
            for (var one : all) {
                if (!stay.contains(String.valueOf(one.getFileName()))) {
                    delete(one);
                }
            }
        }
    }

    private String target(String name) throws IOException {
        var link = folder.resolve(name);
        return Files.isSymbolicLink(link)
                ? String.valueOf(Files.readSymbolicLink(link).getFileName())
                : "";
    }

    /** With all that is in it; links are not followed. */
    static void delete(Path what) throws IOException {
        if (!Files.exists(what, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        List<Path> all = new ArrayList<>();
        try (var walk = Files.walk(what)) {
            walk.sorted(Comparator.reverseOrder()).forEach(all::add);
        }
        for (var one : all) {
            Files.delete(one);
        }
    }
}
