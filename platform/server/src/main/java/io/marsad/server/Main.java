package io.marsad.server;

import io.marsad.server.cli.CommandTree;

/** Where the program starts. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(CommandTree.run(arguments));
    }
}
