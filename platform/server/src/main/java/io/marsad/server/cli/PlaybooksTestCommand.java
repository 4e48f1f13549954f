package io.marsad.server.cli;

import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.Finding;
import io.marsad.respond.trial.PlaybookFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad playbooks test}. */
@Command(
        name = "test",
        description = {
            "Go through playbooks with the answers that stand beside them: no server, nothing goes out, no time passes.",
            "",
            "The cases of x.yaml (or x.json) are in x.test.yaml: what is given, what every step gets for an answer, and"
                    + " what has to come of it. A step without an answer succeeds and gives nothing.",
            "",
            "Exits 0 when every case comes out as it expects, 1 when one does not, a playbook cannot be run, or (with"
                    + " --strict) has no case; 2 on wrong use."
        },
        footer = {
            "",
            "Examples:",
            "  ./marsad playbooks test",
            "  ./marsad playbooks test my-playbooks --strict --format json",
            "",
            "A case:",
            "  - name: a bad address is blocked",
            "    given: {__ip__: 192.0.2.7}",
            "    answers:",
            "      Look it up: {outputs: {verdict: malicious}}",
            "      Block it: [{failed: busy, again: true}, {outputs: {}}]",
            "    expect:",
            "      status: succeeded",
            "      actions: [{action: look_up}, {action: block_ip, with: {ip: 192.0.2.7}}, {action: block_ip}]"
        },
        sortOptions = false)
final class PlaybooksTestCommand implements Callable<Integer> {
    /** How results are printed. */
    enum Format {
        TABLE,
        JSON
    }

    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            description = "The playbooks with their cases (default: those that are shipped).")
    private @Nullable Path folder;

    @Option(
            names = "--format",
            paramLabel = "table|json",
            description = "How to print the result (default: table); json ends with one line.")
    private Format format = Format.TABLE;

    @Option(names = "--strict", description = "Playbooks without cases count like failures.")
    private boolean strict;

    @Override
    public Integer call() throws IOException {
        var path = folder == null ? Shipped.content().resolve("playbooks") : folder;
        var report = PlaybookFolder.test(path, Catalogue.standard());
        for (var entry : report.entries()) {
            entry.findings().stream()
                    .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                    .forEach(finding -> System.out.println("refused   " + finding.problem()));
        }
        report.unreadable().forEach(problem -> System.out.println("refused   " + problem));
        for (var tried : report.tried()) {
            tried.faults()
                    .forEach(fault -> System.out.println(
                            "FAILED    " + tried.file() + ":" + tried.line() + ": " + tried.name() + ": " + fault));
        }
        report.untested().forEach(file -> System.out.println("untested  " + file));
        switch (format) {
            case TABLE ->
                System.out.println(report.entries().size() + " playbooks, "
                        + report.tried().size() + " cases, " + report.steps() + " steps, " + report.failed()
                        + " failed, " + report.untested().size() + " untested");
            case JSON -> {
                var result = new LinkedHashMap<String, Object>();
                result.put("playbooks", report.entries().size());
                result.put("cases", report.tried().size());
                result.put("steps", report.steps());
                result.put("failed", report.failed());
                result.put("untested", report.untested().size());
                System.out.println(JsonMapper.shared().writeValueAsString(result));
            }
        }
        return report.failed() == 0 && (!strict || report.untested().isEmpty()) ? 0 : 1;
    }
}
