package io.marsad.db.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the embedded server keeps: {@code data} (PostgreSQL's own), {@code superuser.secret}, {@code postgres.log}, and a
 * lock that one Marsad process holds while it lives. Whoever holds the lock knows that a server still running on the data
 * is an orphan.
 */
final class DataFolder implements AutoCloseable {
    static final String SUPERUSER = "marsad_super";

    private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);
    private static final long LOG_LIMIT = 10L << 20;

    private final Path folder;
    private final FileChannel lockFile;

    private DataFolder(Path folder, FileChannel lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    /** @throws IOException when another process has it, or it cannot be made */
    static DataFolder lock(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            Files.createDirectories(folder);
            // Passable, so that the server's account reaches data/; the listing and the other files are ours alone.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        }
        var real = folder.toRealPath();
        var file = FileChannel.open(real.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException e) {
            LOG.debug("locked by this very process", e);
        }
        if (lock == null) {
            file.close();
            throw new IOException("the data in " + real + " is in use by another running Marsad");
        }
        return new DataFolder(real, file);
    }

    Path folder() {
        return folder;
    }

    Path data() {
        return folder.resolve("data");
    }

    Path logFile() {
        return folder.resolve("postgres.log");
    }

    boolean isNew() {
        return !Files.exists(data());
    }

    String superuserPassword() throws IOException {
        return superuserPassword(folder);
    }

    static String superuserPassword(Path folder) throws IOException {
        var file = folder.resolve("superuser.secret");
        if (!Files.exists(file)) {
            throw new IOException(file + " is missing: bring it back from the backup that has " + folder);
        }
        return Files.readString(file).strip();
    }

    /** Makes the cluster. An interrupted try leaves nothing that counts. */
    void initialize(Launcher launcher, Path binaries, SecureRandom random) throws IOException {
        var password = randomPassword(random);
        secret("superuser.secret", password);
        var staging = folder.resolve("data.part");
        PostgresBinaries.deleteTree(staging);
        Files.createDirectory(
                staging, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        launcher.own(staging);
        var passwordFile = secret("initdb.secret", password);
        try {
            launcher.own(passwordFile);
            Launcher.run(
                    launcher.toolCommand(
                            binaries.resolve("bin/initdb").toString(),
                            "-D",
                            staging.toString(),
                            "-U",
                            SUPERUSER,
                            "--pwfile=" + passwordFile,
                            "-A",
                            "scram-sha-256",
                            "-E",
                            "UTF8",
                            "--locale=C",
                            "--locale-provider=builtin",
                            "--builtin-locale=C.UTF-8",
                            "--data-checksums",
                            "--no-instructions"),
                    300);
        } finally {
            Files.delete(passwordFile);
        }
        Files.move(staging, data(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Stops a server that an earlier process left behind; forgets one that is no more. Needs the lock. */
    void recover(Launcher launcher, Path binaries) throws IOException {
        var pidFile = data().resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        var lines = Files.readAllLines(pidFile);
        var process = lines.isEmpty() || !lines.getFirst().strip().matches("[0-9]{1,18}")
                ? null
                : ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).orElse(null);
        if (process == null) {
            return; // gone; the server itself deals with its file
        }
        boolean postgres =
                process.info().command().map(c -> c.endsWith("/postgres")).orElse(false);
        if (postgres && lines.size() > 1 && Path.of(lines.get(1).strip()).equals(data())) {
            LOG.warn("stopping a PostgreSQL (process {}) that an earlier Marsad left behind", process.pid());
            Launcher.run(
                    launcher.toolCommand(
                            binaries.resolve("bin/pg_ctl").toString(),
                            "-D",
                            data().toString(),
                            "-m",
                            "fast",
                            "-w",
                            "-t",
                            "60",
                            "stop"),
                    90);
        } else {
            // The number now belongs to another program (a container's restart): the server would refuse to start.
            LOG.warn("removing a stale {} of process {}", pidFile, process.pid());
            Files.delete(pidFile);
        }
    }

    void rotateLog() throws IOException {
        if (Files.exists(logFile()) && Files.size(logFile()) > LOG_LIMIT) {
            Files.move(logFile(), folder.resolve("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    static String randomPassword(SecureRandom random) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private Path secret(String name, String text) throws IOException {
        var file = folder.resolve(name);
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(
                        Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)));
        Files.writeString(file, text, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        return file;
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
