package io.marsad.server.cli;

import io.marsad.kernel.content.ContentException;
import io.marsad.respond.cacao.PlaybookText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code marsad playbooks convert}. */
@Command(
        name = "convert",
        description = {
            "Print a playbook in another form. Nothing is lost, extensions and unknown properties included.",
            "",
            "canonical is the one form of RFC 8785, which is signed and by which a version is known."
        },
        footer = {
            "",
            "Examples:",
            "  ./marsad playbooks convert phishing.json --to yaml > phishing.yaml",
            "  ./marsad playbooks convert phishing.yaml --to canonical | sha256sum"
        },
        sortOptions = false)
final class PlaybooksConvertCommand implements Callable<Integer> {
    /** What is printed. */
    enum Form {
        JSON,
        YAML,
        CANONICAL
    }

    @Parameters(paramLabel = "FILE", description = "The playbook, as JSON or YAML.")
    private Path file = Path.of("");

    @Option(names = "--to", required = true, paramLabel = "json|yaml|canonical", description = "What to print.")
    private Form form = Form.JSON;

    @Override
    public Integer call() throws IOException, ContentException {
        var text = PlaybookText.read(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
        var shown = switch (form) {
            case JSON -> text.json();
            case YAML -> text.yaml();
            case CANONICAL -> text.canonical();
        };
        System.out.write(shown.getBytes(StandardCharsets.UTF_8));
        System.out.flush();
        return 0;
    }
}
