package io.marsad.server.cli;

import java.nio.file.Path;

/** Where the program and what is shipped with it lie; the launcher says so. */
final class Shipped {
    private Shipped() {}

    static Path root() {
        return Path.of(System.getProperty("marsad.root", ".")).toAbsolutePath().normalize();
    }

    static Path content() {
        return root().resolve("content");
    }

    /** The unpacked PostgreSQL of the distribution. */
    static Path postgres() {
        return Path.of(System.getProperty(
                        "marsad.home", root().resolve("target/dist").toString()))
                .resolve("postgres");
    }
}
