package io.marsad.server.cli;

import java.nio.file.Path;

/** The folders of whoever runs a command (XDG Base Directory Specification 0.8). */
final class UserFolders {
    private UserFolders() {}

    /** For what can be made again. May not exist yet. */
    static Path cache() {
        var named = System.getenv("XDG_CACHE_HOME");
        var base = named == null || !Path.of(named).isAbsolute()
                ? Path.of(System.getProperty("user.home", "."), ".cache")
                : Path.of(named);
        return base.resolve("marsad");
    }
}
