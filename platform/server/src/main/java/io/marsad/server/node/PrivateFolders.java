package io.marsad.server.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Folders that only the platform's own account looks into: they hold the records of all tenants. The data folder itself
 * stays passable, because the embedded PostgreSQL may run as another account.
 */
final class PrivateFolders {
    private PrivateFolders() {}

    /** Makes the folders where they are not there; those that are there stay as they are. */
    static void make(Path in, String... names) throws IOException {
        Files.createDirectories(in);
        for (String name : names) {
            make(in.resolve(name));
        }
    }

    static void make(Path folder) throws IOException {
        var parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
}
