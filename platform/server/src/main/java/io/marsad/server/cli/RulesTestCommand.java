package io.marsad.server.cli;

import io.marsad.server.node.Content;
import io.marsad.server.node.SampleEvents;
import io.marsad.sigma.proof.RuleTests;
import io.marsad.sigma.proof.TestReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code marsad rules test}. */
@Command(
        name = "test",
        description = {
            "Run the samples beside the rules through the real mappings and matcher.",
            "",
            "The samples of x.yaml are in x.test.yaml: what is under 'fires' has to fire, what is under 'silent' must"
                    + " not. A rule without samples counts as untested.",
            "",
            "Exits 0 when every sample does what it has to, 1 when one does not or a rule is refused (with --strict also"
                    + " when a rule is untested), 2 on wrong use."
        },
        footer = {
            "",
            "Examples:",
            "  ./marsad rules test my-rules",
            "  ./marsad rules test my-rules --format junit --output report.xml",
            "",
            "A proof:",
            "  fires:",
            "    - name: whoami",
            "      format: windows",
            "      record: {EventID: 1, Provider_Name: Microsoft-Windows-Sysmon, Image: 'C:\\whoami.exe'}",
            "  silent:",
            "    - name: another program",
            "      format: windows",
            "      record: {EventID: 1, Provider_Name: Microsoft-Windows-Sysmon, Image: 'C:\\id.exe'}"
        },
        sortOptions = false)
final class RulesTestCommand implements Callable<Integer> {
    /** How results are printed. */
    enum Format {
        TABLE,
        JSON,
        JUNIT
    }

    @Mixin
    private RuleFolders folders = new RuleFolders();

    @Option(
            names = "--format",
            paramLabel = "table|json|junit",
            description = "How to print the result (default: table); json is one line, junit the XML of JUnit.")
    private Format format = Format.TABLE;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Write the result there; a summary is printed all the same.")
    private @Nullable Path output;

    @Option(names = "--strict", description = "Untested rules count like failures.")
    private boolean strict;

    @Override
    public Integer call() throws Exception {
        var content = Content.load(Shipped.content(), folders.folders(), folders.lists());
        var report = new RuleTests(content.rules(), new SampleEvents(content.mappings())).run();
        var text = switch (format) {
            case TABLE -> table(report);
            case JSON -> report.json() + "\n";
            case JUNIT -> report.junitXml();
        };
        write(text, report);
        return report.passed() && (!strict || report.untested().isEmpty()) ? 0 : 1;
    }

    private void write(String text, TestReport report) throws IOException {
        if (output == null) {
            System.out.print(text);
            return;
        }
        Files.writeString(output, text, StandardCharsets.UTF_8);
        System.out.println(summary(report));
    }

    private static String table(TestReport report) {
        var out = new StringBuilder();
        for (TestReport.Result result : report.results()) {
            if (!result.passed()) {
                out.append("FAILED    ").append(result.file()).append(':').append(result.failure());
                out.append("  [").append(result.name()).append("]\n");
            }
        }
        report.untested()
                .forEach(none -> out.append("untested  ").append(none.file()).append('\n'));
        return out.append(summary(report)).append('\n').toString();
    }

    private static String summary(TestReport report) {
        return report.results().size() + " samples of " + report.tested() + " files, " + report.failed() + " failed, "
                + report.untested().size() + " files untested";
    }
}
