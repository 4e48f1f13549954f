package io.marsad.server.cli;

import io.marsad.kernel.content.ContentException;
import io.marsad.sigma.Placeholders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which rules a command looks at, and with which lists. */
final class RuleFolders {
    @Parameters(
            paramLabel = "DIR",
            arity = "0..*",
            description = "Folders or files of Sigma rules (default: the shipped rules).")
    private List<Path> folders = List.of();

    @Option(
            names = "--placeholders",
            paramLabel = "FILE",
            arity = "1",
            description = "A YAML file of lists for rules with expand (Administrators: [alice, bob]), or a folder of"
                    + " such files; may be given several times.")
    private List<Path> placeholders = List.of();

    List<Path> folders() {
        folders.forEach(RuleFolders::mustExist);
        return folders.isEmpty() ? List.of(Shipped.content().resolve("rules")) : folders;
    }

    Placeholders lists() throws ContentException, IOException {
        placeholders.forEach(RuleFolders::mustExist);
        var paths = new ArrayList<Path>();
        paths.add(Shipped.content().resolve("lists"));
        paths.addAll(placeholders);
        return Placeholders.load(paths);
    }

    static void mustExist(Path path) {
        if (!Files.exists(path)) {
            throw new CommandFailure(path + " does not exist");
        }
    }
}
