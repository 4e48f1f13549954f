package io.marsad.server.cli;

import io.marsad.api.suppressions.QueryConditions;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.Finding;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.trial.PlaybookFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad playbooks check}. */
@Command(
        name = "check",
        description = {
            "Read playbooks; say what keeps one from being run (error) and what is doubtful (warning), with file, line"
                    + " and reason.",
            "",
            "Exits 0 when every one can be run, 1 when one cannot (with --strict also when there is a warning), 2 on"
                    + " wrong use."
        },
        footer = {
            "",
            "Examples:",
            "  ./marsad playbooks check my-playbooks",
            "  ./marsad playbooks check phishing.json --strict --format json"
        },
        sortOptions = false)
final class PlaybooksCheckCommand implements Callable<Integer> {
    /** How results are printed. */
    enum Format {
        TABLE,
        JSON
    }

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "A playbook, or a folder with all below.")
    private List<Path> paths = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "table|json",
            description = "How to print the result (default: table); json is one line.")
    private Format format = Format.TABLE;

    @Option(names = "--strict", description = "Warnings count like errors.")
    private boolean strict;

    @Override
    public Integer call() throws IOException {
        var reader = new PlaybookReader(Catalogue.standard(), new QueryConditions());
        var entries = new ArrayList<PlaybookFolder.Entry>();
        for (var path : paths) {
            entries.addAll(PlaybookFolder.read(path, reader));
        }
        long refused =
                entries.stream().filter(entry -> entry.playbook() == null).count();
        long warnings = entries.stream()
                .flatMap(entry -> entry.findings().stream())
                .filter(finding -> finding.severity() == Finding.Severity.WARNING)
                .count();
        switch (format) {
            case TABLE -> {
                entries.forEach(entry -> entry.findings()
                        .forEach(finding -> System.out.println(word(finding) + "  " + finding.problem())));
                System.out.println(
                        entries.size() + " playbooks, " + refused + " cannot be run, " + warnings + " warnings");
            }
            case JSON -> {
                var result = new LinkedHashMap<String, Object>();
                result.put("playbooks", entries.size());
                result.put("refused", refused);
                result.put(
                        "findings",
                        entries.stream()
                                .flatMap(entry -> entry.findings().stream())
                                .map(PlaybooksCheckCommand::finding)
                                .toList());
                System.out.println(JsonMapper.shared().writeValueAsString(result));
            }
        }
        return refused == 0 && (!strict || warnings == 0) ? 0 : 1;
    }

    private static String word(Finding finding) {
        return finding.severity() == Finding.Severity.ERROR ? "error  " : "warning";
    }

    private static Map<String, Object> finding(Finding finding) {
        var fault = RulesCheckCommand.fault(finding.problem());
        fault.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
        return fault;
    }
}
