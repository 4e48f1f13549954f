package io.marsad.server.cli;

import static java.nio.file.StandardOpenOption.CREATE_NEW;

import io.marsad.connect.manifest.Manifest;
import io.marsad.connect.manifest.ManifestReader;
import io.marsad.connect.replay.ConnectorTests;
import io.marsad.kernel.content.ContentException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code marsad connectors}. */
@Command(
        name = "connectors",
        description = "Begin, check, test and list connectors: what the platform can do in other products.",
        subcommands = {
            ConnectorsCommand.NewCommand.class,
            ConnectorsCommand.CheckCommand.class,
            ConnectorsCommand.TestCommand.class,
            ConnectorsCommand.ListCommand.class
        },
        footer = {"", "Guide: docs/guides/connectors.md"},
        sortOptions = false)
final class ConnectorsCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    private static Path folder(@Nullable Path given) {
        var folder = given == null ? Shipped.content().resolve("connectors") : given;
        RuleFolders.mustExist(folder);
        return folder;
    }

    /** {@code marsad connectors new}. */
    @Command(
            name = "new",
            description = {
                "Write a connector that passes its own test, with a comment where something has to be decided: NAME.yaml"
                        + " and, with what the product answers, NAME.test.yaml. Nothing that there is is written over.",
                "",
                "Exits 0 when both are written, 1 when not, 2 on wrong use."
            },
            footer = {"", "Example:", "  ./marsad connectors new acme-firewall my-connectors"},
            sortOptions = false)
    static final class NewCommand implements Callable<Integer> {
        private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,59}");

        @Parameters(
                index = "0",
                paramLabel = "NAME",
                description = "Small letters, digits and hyphens, such as acme-firewall.")
        private String name = "";

        @Parameters(
                index = "1",
                paramLabel = "DIR",
                arity = "0..1",
                description = "The folder, which is made if it is not there (default: this one).")
        private Path folder = Path.of("");

        @Override
        public Integer call() throws IOException {
            if (!NAME.matcher(name).matches() || name.endsWith("-") || name.contains("--")) {
                throw new CommandFailure(
                        "'" + name + "' is no name: small letters, digits and hyphens, such as acme-firewall");
            }
            if (Files.exists(Shipped.content().resolve("connectors").resolve(name + ".yaml"))) {
                throw new CommandFailure("there is a shipped connector " + name + ": take another name");
            }
            var files = List.of(folder.resolve(name + ".yaml"), folder.resolve(name + ".test.yaml"));
            for (var file : files) {
                if (Files.exists(file)) {
                    throw new CommandFailure(file + " is there already");
                }
            }
            Files.createDirectories(folder.toAbsolutePath());
            write(files.getFirst(), "connector.yaml");
            write(files.getLast(), "connector.test.yaml");
            System.out.println("Wrote " + files.getFirst() + " and " + files.getLast() + ". Now:");
            System.out.println("  ./marsad connectors check " + files.getFirst());
            System.out.println("  ./marsad connectors test " + files.getFirst());
            return 0;
        }

        private void write(Path file, String resource) throws IOException {
            try (var in = ConnectorsCommand.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException(resource + " is missing from the distribution");
                }
                var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                Files.writeString(file, text.replace("@NAME@", name).replace("@TITLE@", title()), CREATE_NEW);
            }
        }

        private String title() {
            return Arrays.stream(name.split("-"))
                    .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                    .collect(Collectors.joining(" "));
        }
    }

    /** {@code marsad connectors check}. */
    @Command(
            name = "check",
            description = {
                "Read manifests and say every fault with its line.",
                "",
                "Exits 0 when there is none, 1 when there is one, 2 on wrong use."
            },
            footer = {"", "Example:", "  ./marsad connectors check my-product.yaml"},
            sortOptions = false)
    static final class CheckCommand implements Callable<Integer> {
        @Parameters(
                paramLabel = "PATH",
                arity = "0..*",
                description = "Manifests, or folders of them (default: the shipped ones).")
        private List<Path> paths = List.of();

        @Override
        public Integer call() throws Exception {
            int read = 0;
            int faults = 0;
            for (Path path : paths.isEmpty() ? List.of(folder(null)) : paths) {
                for (Path file : ManifestReader.files(folder(path))) {
                    read++;
                    try {
                        ManifestReader.read(file);
                    } catch (ContentException e) {
                        faults += e.problems().size();
                        e.problems().forEach(System.out::println);
                    }
                }
            }
            System.out.println(read + " manifests, " + faults + " faults");
            return faults == 0 ? 0 : 1;
        }
    }

    /** {@code marsad connectors test}. */
    @Command(
            name = "test",
            description = {
                "Run the exchanges that are recorded beside manifests, against a server of this machine that answers as"
                        + " the vendor does. Nothing leaves the machine.",
                "",
                "The exchanges of x.yaml are in x.test.yaml. An operation that nothing is recorded of counts as one that"
                        + " fails.",
                "",
                "Exits 0 when all is asked and understood as recorded, 1 when something is not, 2 on wrong use."
            },
            footer = {
                "",
                "Examples:",
                "  ./marsad connectors test",
                "  ./marsad connectors test my-connectors --format json",
                "",
                "An exchange:",
                "  exchanges:",
                "    - name: the token is good",
                "      operation: ping",
                "      requests:",
                "        - {ask: GET https://api.example.com/ping, answer: {ok: true}}",
                "      outcome: succeeded"
            },
            sortOptions = false)
    static final class TestCommand implements Callable<Integer> {
        /** How results are printed. */
        enum Format {
            TABLE,
            JSON
        }

        @Parameters(
                paramLabel = "DIR",
                arity = "0..1",
                description = "A folder of manifests, or one of them (default: the shipped ones).")
        private @Nullable Path folder;

        @Option(
                names = "--format",
                paramLabel = "table|json",
                description = "How to print the result (default: table); json ends with one line.")
        private Format format = Format.TABLE;

        @Override
        public Integer call() throws Exception {
            var report = ConnectorTests.run(folder(folder));
            report.failures().forEach(failure -> System.out.println("FAILED  " + failure));
            System.out.println(
                    format == Format.JSON
                            ? report.json()
                            : report.exchanges() + " exchanges of " + report.operations() + " operations of "
                                    + report.connectors() + " connectors, " + report.failed() + " failed");
            return report.failed() == 0 ? 0 : 1;
        }
    }

    /** {@code marsad connectors list}. */
    @Command(
            name = "list",
            description = "List connectors with what each can do, as a table.",
            footer = {"", "Example:", "  ./marsad connectors list"},
            sortOptions = false)
    static final class ListCommand implements Callable<Integer> {
        @Parameters(
                paramLabel = "DIR",
                arity = "0..1",
                description = "A folder of manifests (default: the shipped ones).")
        private @Nullable Path folder;

        @Override
        public Integer call() throws Exception {
            for (Path file : ManifestReader.files(folder(folder))) {
                print(ManifestReader.read(file));
            }
            return 0;
        }

        private static void print(Manifest manifest) {
            System.out.println(manifest.name() + "  " + manifest.title() + ", version " + manifest.version());
            manifest.operations().values().forEach(operation -> {
                var more = new ArrayList<String>();
                if (operation.rollback() != null) {
                    more.add("undone by " + operation.rollback().operation());
                }
                if (operation.verify() != null) {
                    more.add("verified");
                }
                System.out.printf(
                        Locale.ROOT,
                        "  %-24s %-6s %-20s %s%s%n",
                        operation.name(),
                        operation.writes() ? "write" : "read",
                        operation.action() == null ? "-" : operation.action(),
                        operation.title(),
                        more.isEmpty() ? "" : " (" + String.join(", ", more) + ")");
            });
        }
    }
}
