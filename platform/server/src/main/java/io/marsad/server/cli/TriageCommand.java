package io.marsad.server.cli;

import io.marsad.server.triage.OfflineTriage;
import io.marsad.server.triage.TriageReport;
import io.marsad.server.triage.TriageTable;
import io.marsad.soc.decision.Thresholds;
import io.marsad.soc.intel.IntelFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code marsad triage}. */
@Command(
        name = "triage",
        description = {
            "Decide recorded alerts with recorded intelligence: no server, no database, nothing is asked.",
            "",
            "A case is an alert as POST /v1/alerts has it, with what was recorded beside it: 'intel' (answers of"
                    + " virustotal, abuseipdb and greynoise), 'rule' (its record), 'model' (what a model said) and 'expect'"
                    + " (what has to come out). A file has a case a line, an array of cases, or one.",
            "",
            "Exits 0 when every case is decided, and as it expects; 1 when one is not or something cannot be read; 2 on"
                    + " wrong use."
        },
        footer = {
            "",
            "Examples:",
            "  ./marsad triage --offline cases.ndjson",
            "  ./marsad triage --offline cases.ndjson --intel feeds/",
            "  ./marsad triage --offline cases.ndjson --thresholds escalate=0.9",
            "  ./marsad triage --offline - --format ndjson < cases.ndjson",
            "",
            "A case, on one line:",
            "  {\"alert\": {\"source\": \"edr\", \"rule_id\": \"r1\",",
            "     \"rule_name\": \"Beacon\", \"severity\": \"high\",",
            "     \"indicator\": {\"type\": \"ip\", \"value\": \"192.0.2.7\"}},",
            "   \"intel\": {\"abuseipdb\": {\"data\": {\"abuseConfidenceScore\": 92}},",
            "     \"virustotal\": {\"failed\": \"timeout\"}},",
            "   \"expect\": {\"decision\": \"escalate\"}}",
            "",
            "How decisions are made: docs/reference/decisions.md"
        },
        sortOptions = false)
final class TriageCommand implements Callable<Integer> {
    /** How decisions are printed. */
    enum Format {
        TEXT,
        JSON,
        NDJSON
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--offline", paramLabel = "FILE", required = true, description = "The cases; - for standard input.")
    private String offline = "";

    @Option(
            names = "--intel",
            paramLabel = "PATH",
            description =
                    "Intelligence to ask for every case: a file, or a folder with all below. Feeds are .csv, .txt and"
                            + " .list, .json is a STIX 2.1 bundle or recorded answers, .ndjson recorded answers.")
    private @Nullable Path intel;

    @Option(
            names = "--thresholds",
            paramLabel = "LIST",
            description = "Default: escalate=0.85,close=0.15,model=0.6; what is not named stays.")
    private @Nullable String thresholds;

    @Option(names = "--no-auto-close", description = "As with the kill switch thrown: nothing is closed.")
    private boolean noAutoClose;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description =
                    "Decide as if it were then, such as 2026-03-01T12:00:00Z: entries of feeds expire. Default: now.")
    private @Nullable String at;

    @Option(
            names = "--format",
            paramLabel = "text|json|ndjson",
            description =
                    "text (default) is a table, json one object, ndjson a decision a line (and the table on standard"
                            + " error).")
    private Format format = Format.TEXT;

    @Option(names = "--output", paramLabel = "FILE", description = "Write there instead of to the terminal.")
    private @Nullable Path output;

    @Override
    public Integer call() throws IOException {
        var triage = new OfflineTriage(
                thresholds(), intel == null ? IntelFiles.Library.EMPTY : IntelFiles.read(intel), time());
        if (output == null) {
            return run(triage, writer(System.out));
        }
        try (var out = writer(Files.newOutputStream(output))) {
            return run(triage, out);
        }
    }

    private int run(OfflineTriage triage, PrintWriter out) throws IOException {
        var report = switch (format) {
            case TEXT -> new TriageTable(out);
            case JSON -> new TriageReport.Document(out);
            case NDJSON -> new TriageReport.Lines(out, new TriageTable(writer(System.err)));
        };
        var file = Path.of(offline).getFileName();
        try (var cases = cases()) {
            var summary = triage.run(offline.equals("-") || file == null ? "stdin" : file.toString(), cases, report);
            if (out.checkError()) {
                throw new IOException("the decisions could not be written");
            }
            return summary.sound() ? 0 : 1;
        }
    }

    private InputStream cases() throws IOException {
        return offline.equals("-") ? System.in : Files.newInputStream(Path.of(offline));
    }

    private Thresholds thresholds() {
        try {
            var wanted = thresholds == null ? Thresholds.DEFAULT : Thresholds.parse(thresholds);
            return noAutoClose ? wanted.withoutAutoClose() : wanted;
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private Instant time() {
        try {
            return at == null ? InstantSource.system().instant() : Instant.parse(at);
        } catch (DateTimeException e) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--at is a time such as 2026-03-01T12:00:00Z", e);
        }
    }

    private static PrintWriter writer(OutputStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
    }
}
