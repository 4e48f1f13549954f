package io.marsad.db.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How PostgreSQL's programs are started: never as root, and so that the server ends when we do, however we end.
 *
 * <p>As root they run as an unprivileged account where it can reach the folders, else in a user namespace of their own
 * that holds no privilege (a clone under {@code /root} works so). On Linux the kernel sends the server SIGINT (its fast
 * shutdown) when the thread that started it is gone; elsewhere the next start finds and stops what was left.
 *
 * @param tool what stands before a program that is waited for
 * @param server what stands before the server
 * @param account who must own the data folder; null for whoever we are
 */
record Launcher(
        List<String> tool, List<String> server, @Nullable String account) {
    private static final List<String> ACCOUNTS = List.of("marsad", "nobody");
    private static final List<String> DIE_WITH_US = List.of("setpriv", "--pdeathsig", "INT", "--");

    /** @throws IOException when we are root and there is no safe way; says what helps */
    static Launcher choose(Path folder, Path binaries) throws IOException {
        boolean root = "root".equals(System.getProperty("user.name"));
        boolean diesWithUs = works(with(DIE_WITH_US, "true"));
        if (!root) {
            return new Launcher(List.of(), diesWithUs ? DIE_WITH_US : List.of(), null);
        }
        var account = ACCOUNTS.stream().filter(Launcher::exists).findFirst().orElse(null);
        if (account != null && diesWithUs && reachable(folder, account) && reachable(binaries, account)) {
            var drop = List.of(
                    "setpriv",
                    "--reuid=" + id("-u", account),
                    "--regid=" + id("-g", account),
                    "--clear-groups",
                    "--no-new-privs");
            if (works(with(with(drop, "--"), "true"))) {
                return new Launcher(with(drop, "--"), with(drop, "--pdeathsig", "INT", "--"), account);
            }
        }
        var namespace = List.of("unshare", "--user", "--");
        if (works(with(namespace, "true"))) {
            var server = diesWithUs ? with(namespace, DIE_WITH_US.toArray(String[]::new)) : namespace;
            return new Launcher(namespace, server, "root");
        }
        throw new IOException("PostgreSQL does not run as root, and the account "
                + (account == null ? String.join(" or ", ACCOUNTS) : account) + " cannot use " + folder + " with "
                + binaries + ". Start Marsad as a normal user, or keep it and its data where every user may pass (chmod"
                + " o+x on the folders above; not below /root), or configure an external PostgreSQL");
    }

    List<String> toolCommand(String... command) {
        return with(tool, command);
    }

    List<String> serverCommand(List<String> command) {
        return with(server, command.toArray(String[]::new));
    }

    /** Gives the tree to the account; does nothing where its top belongs to it already. */
    void own(Path tree) throws IOException {
        if (account == null || Files.getOwner(tree).getName().equals(account)) {
            return;
        }
        var owner = tree.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(account);
        try (var files = Files.walk(tree)) {
            var all = files.toList();
            for (var file : all.reversed()) { // the top last: until then, the next start does all of it again
                Files.setOwner(file, owner);
            }
        }
    }

    /** Runs a program to its end and returns what it printed. */
    static String run(List<String> command, int seconds) throws IOException {
        var output = Files.createTempFile("marsad-", ".out");
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .directory(Path.of("/").toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " did not end within " + seconds + " s: " + text(output));
            }
            if (process.exitValue() != 0) {
                throw new IOException(command + " failed with " + process.exitValue() + ": " + text(output));
            }
            return text(output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + command, e);
        } finally {
            Files.delete(output);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
    }

    private static boolean works(List<String> command) {
        try {
            run(command, 10);
            return true;
        } catch (IOException e) {
            return false; // the question was whether it works
        }
    }

    private static boolean exists(String account) {
        return works(List.of("id", account));
    }

    private static String id(String option, String account) throws IOException {
        return run(List.of("id", option, account), 10);
    }

    /** Whether the account may pass through every folder above. */
    private static boolean reachable(Path path, String account) throws IOException {
        for (var above = path.toAbsolutePath().normalize().getParent(); above != null; above = above.getParent()) {
            var attributes = Files.readAttributes(above, PosixFileAttributes.class);
            var needed = attributes.owner().getName().equals(account)
                    ? PosixFilePermission.OWNER_EXECUTE
                    : PosixFilePermission.OTHERS_EXECUTE;
            if (!attributes.permissions().contains(needed)) {
                return false;
            }
        }
        return true;
    }

    private static List<String> with(List<String> before, String... after) {
        var all = new ArrayList<>(before);
        all.addAll(List.of(after));
        return List.copyOf(all);
    }
}
