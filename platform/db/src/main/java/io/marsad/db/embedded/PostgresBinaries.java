package io.marsad.db.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The PostgreSQL 18 programs that travel as a compressed archive in a jar. */
public final class PostgresBinaries {
    /** Of the archive; part of the folder's name, so that another version never meets an older one's files. */
    public static final String VERSION = "18.6.0";

    private static final String FOLDER = "postgres-" + VERSION;

    private PostgresBinaries() {}

    /**
     * Unpacks the programs for this machine into {@code target/postgres-VERSION}, unless they are there, and returns that
     * folder. Takes seconds: done when the distribution is built. Everything in it is readable by every user, because
     * the server does not run as root. Safe against interruption and against others doing the same.
     *
     * @throws IOException when there are no programs for this machine, or the disk refuses
     */
    public static Path unpack(Path target) throws IOException {
        var home = target.toAbsolutePath().normalize().resolve(FOLDER);
        if (Files.exists(home)) {
            return home;
        }
        Files.createDirectories(target);
        try (var channel = FileChannel.open(
                        target.resolve(".unpacking"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            if (!Files.exists(home) && lock.isValid()) {
                var staging = target.resolve(FOLDER + ".part");
                deleteTree(staging);
                extract(resource(), staging);
                Files.move(staging, home, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return home;
    }

    /** {@code PostgresBinaries FOLDER}: unpacks for the build and prints where. */
    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            throw new IllegalArgumentException("one argument is expected: the folder to unpack into");
        }
        System.out.println(unpack(Path.of(args[0])));
    }

    private static String resource() throws IOException {
        var os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        var arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        var name = switch (os.startsWith("mac") ? "darwin/" + arch : os + "/" + arch) {
            case "linux/amd64", "linux/x86_64" -> "postgres-linux-x86_64.txz";
            case "linux/aarch64", "linux/arm64" -> "postgres-linux-arm_64.txz";
            case "darwin/aarch64", "darwin/arm64" -> "postgres-darwin-arm_64.txz";
            default -> "";
        };
        if (name.isEmpty() || PostgresBinaries.class.getResource("/" + name) == null) {
            throw new IOException("no PostgreSQL programs for " + os + " on " + arch
                    + " are in this distribution: configure an external PostgreSQL");
        }
        return "/" + name;
    }

    private static void extract(String resource, Path to) throws IOException {
        var stream = PostgresBinaries.class.getResourceAsStream(resource);
        if (stream == null) {
            throw new IOException("missing resource " + resource);
        }
        try (var in = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(stream, 1 << 16)))) {
            folder(to);
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                var file = inside(to, to.resolve(entry.getName()));
                if (entry.isDirectory()) {
                    folder(file);
                } else if (entry.isSymbolicLink()) {
                    var link = Path.of(entry.getLinkName());
                    inside(to, file.resolveSibling(link));
                    Files.createSymbolicLink(file, link);
                } else {
                    Files.copy(in, file);
                    boolean program = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            file, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }

    private static void folder(Path folder) throws IOException {
        for (Path missing = folder; !Files.exists(folder); missing = folder) {
            while (missing.getParent() != null && !Files.exists(missing.getParent())) {
                missing = missing.getParent();
            }
            Files.createDirectory(missing);
            Files.setPosixFilePermissions(missing, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static Path inside(Path folder, Path file) throws IOException {
        var normal = file.normalize();
        if (!normal.startsWith(folder.normalize())) {
            throw new FileSystemException(file.toString(), null, "the archive points outside its folder");
        }
        if (!normal.equals(folder.normalize()) && normal.getParent() != null) {
            folder(normal.getParent());
        }
        return normal;
    }

    static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var files = Files.walk(tree)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
