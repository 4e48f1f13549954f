package io.marsad.db.vault;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A file for each secret, {@code NAME.key}, that only the platform's own account can read. */
public final class FileSecretStore implements SecretStore {
    private static final Set<PosixFilePermission> OWN =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path folder;

    public FileSecretStore(Path folder) {
        this.folder = folder;
    }

    @Override
    public @Nullable SecretValue read(String name) throws IOException {
        var file = file(name);
        Set<PosixFilePermission> permissions;
        try {
            permissions = Files.getPosixFilePermissions(file);
        } catch (NoSuchFileException none) {
            return null;
        }
        if (!OWN.containsAll(permissions)) {
            throw new VaultException(file + " is open to others than the platform's account: chmod 600 " + file);
        }
        return SecretValue.owning(Files.readAllBytes(file));
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void write(String name, SecretValue value) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var file = file(name);
        var temporary = folder.resolve(name + ".key.new");
        Files.deleteIfExists(temporary);
        Files.createFile(temporary, PosixFilePermissions.asFileAttribute(OWN));
        var bytes = value.bytes();
        try {
            Files.write(temporary, bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
        // Before a data key is encrypted by it, a master key has to survive a power failure: file, then its name.
        sync(temporary, StandardOpenOption.WRITE);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(folder, StandardOpenOption.READ);
    }

    private static void sync(Path path, StandardOpenOption mode) throws IOException {
        try (var channel = FileChannel.open(path, mode)) {
            channel.force(true);
        }
    }

    @Override
    public String place(String name) {
        return file(name).toString();
    }

    private Path file(String name) {
        return folder.resolve(name + ".key");
    }
}
