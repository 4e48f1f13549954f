package io.marsad.server.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** Which content files a command looks at, and how it prints what it found. */
final class ContentPaths {
    private static final JsonMapper JSON = new JsonMapper();

    @Parameters(paramLabel = "DIR", arity = "0..*", description = "Folders (default: the shipped content).")
    private List<Path> folders = List.of();

    @Option(names = "--format", paramLabel = "text|json", description = "How to print the result (default: text).")
    private String format = "text";

    List<Path> folders(String shipped) {
        for (Path folder : folders) {
            if (!Files.exists(folder)) {
                throw new CommandFailure(folder + " does not exist");
            }
        }
        return folders.isEmpty() ? List.of(Shipped.content().resolve(shipped)) : folders;
    }

    boolean json() {
        return switch (format) {
            case "json" -> true;
            case "text" -> false;
            default -> throw new CommandFailure("--format is text or json");
        };
    }

    static void print(Map<String, ?> result) {
        System.out.println(JSON.writeValueAsString(new LinkedHashMap<>(result)));
    }
}
