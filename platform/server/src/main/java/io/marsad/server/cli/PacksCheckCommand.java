package io.marsad.server.cli;

import io.marsad.fleet.osquery.PackFinding;
import io.marsad.fleet.osquery.PackReader;
import io.marsad.fleet.osquery.QueryPack;
import io.marsad.fleet.osquery.ShippedPacks;
import io.marsad.kernel.content.ContentProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad packs check}. */
@Command(
        name = "check",
        description = {
            "Read packs for osquery (YAML, or osquery's own JSON); say why one is refused (error) and what is doubtful"
                    + " (warning): tables that are not there or not on a platform, columns that have to be given, events that"
                    + " are told twice.",
            "",
            "Exits 0 when every one is good, 1 when one is refused (with --strict also when there is a warning), 2 on"
                    + " wrong use."
        },
        footer = {
            "",
            "Examples:",
            "  ./marsad packs check content/osquery-packs",
            "  ./marsad packs check my-pack.yaml --strict --format json"
        },
        sortOptions = false)
final class PacksCheckCommand implements Callable<Integer> {
    /** How results are printed. */
    enum Format {
        TABLE,
        JSON
    }

    private static final int MOST = 10_000;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "A pack, or a folder with all below.")
    private List<Path> paths = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "table|json",
            description = "How to print the result (default: table); json is one line.")
    private Format format = Format.TABLE;

    @Option(names = "--strict", description = "Warnings count like errors.")
    private boolean strict;

    private record Entry(@Nullable QueryPack pack, List<PackFinding> findings) {}

    @Override
    public Integer call() throws IOException {
        var entries = new ArrayList<Entry>();
        for (var path : paths) {
            if (!Files.exists(path)) {
                throw new NoSuchFileException(path.toString());
            }
            for (var file : files(path)) {
                var read = PackReader.read(ShippedPacks.nameOf(file), Files.readString(file));
                entries.add(new Entry(read.pack(), in(file, read.findings())));
            }
        }
        long refused = entries.stream().filter(entry -> entry.pack == null).count();
        int queries = entries.stream()
                .mapToInt(entry -> entry.pack == null ? 0 : entry.pack.queries().size())
                .sum();
        var findings =
                entries.stream().flatMap(entry -> entry.findings.stream()).toList();
        long warnings = findings.stream().filter(one -> !one.error()).count();
        switch (format) {
            case TABLE -> {
                findings.forEach(one -> System.out.println((one.error() ? "error    " : "warning  ") + one.problem()));
                System.out.println(entries.size() + " packs, " + queries + " queries, " + refused + " packs refused, "
                        + warnings + " warnings");
            }
            case JSON -> {
                var result = new LinkedHashMap<String, Object>();
                result.put("packs", entries.size());
                result.put("queries", queries);
                result.put("refused", refused);
                result.put(
                        "findings",
                        findings.stream()
                                .map(one -> {
                                    var fault = RulesCheckCommand.fault(one.problem());
                                    fault.put("severity", one.severity());
                                    return fault;
                                })
                                .toList());
                System.out.println(JsonMapper.shared().writeValueAsString(result));
            }
        }
        return refused == 0 && (!strict || warnings == 0) ? 0 : 1;
    }

    private static List<Path> files(Path path) throws IOException {
        try (var files = Files.walk(path)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().matches(".*\\.(yaml|yml|json|conf)"))
                    .sorted()
                    .limit(MOST)
                    .toList();
        }
    }

    private static List<PackFinding> in(Path file, List<PackFinding> findings) {
        return findings.stream()
                .map(one -> new PackFinding(
                        one.error(),
                        new ContentProblem(
                                file.toString(),
                                one.problem().line(),
                                one.problem().reason())))
                .toList();
    }
}
