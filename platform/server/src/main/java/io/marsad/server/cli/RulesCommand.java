package io.marsad.server.cli;

import io.marsad.kernel.content.ContentProblem;
import io.marsad.server.node.Content;
import io.marsad.server.node.SampleEvents;
import io.marsad.sigma.proof.RuleTests;
import io.marsad.sigma.proof.TestReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code marsad rules}. */
@Command(
        name = "rules",
        description = "Check and test detection rules, without a server.",
        subcommands = {RulesCommand.Check.class, RulesCommand.Test.class},
        sortOptions = false)
final class RulesCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    /** {@code marsad rules check}. */
    @Command(
            name = "check",
            description = {
                "Read and compile every rule below the folders; say each that is refused with file, line and reason.",
                "Exits 1 when any is refused."
            },
            sortOptions = false)
    static final class Check implements Callable<Integer> {
        @Mixin
        private ContentPaths paths = new ContentPaths();

        @Override
        public Integer call() throws Exception {
            boolean json = paths.json();
            var rules = Content.load(Shipped.content(), paths.folders("rules")).rules();
            int compiled = rules.compile().rules().rules().size()
                    + rules.correlations().size();
            if (json) {
                var result = new LinkedHashMap<String, Object>();
                result.put("files", rules.files());
                result.put("compiled", compiled);
                result.put(
                        "refused", rules.refusals().stream().map(Check::fault).toList());
                ContentPaths.print(result);
            } else {
                rules.refusals().forEach(problem -> System.out.println(problem));
                System.out.println(rules.files() + " files, " + compiled + " rules compiled, "
                        + rules.refusals().size() + " refused");
            }
            return rules.refusals().isEmpty() ? 0 : 1;
        }

        private static Map<String, Object> fault(ContentProblem problem) {
            return Map.of("file", problem.file(), "line", problem.line(), "reason", problem.reason());
        }
    }

    /** {@code marsad rules test}. */
    @Command(
            name = "test",
            description = {
                "Run the samples beside the rules (x.test.yaml beside x.yaml) through the real mappings and matcher:",
                "those under 'fires' have to fire, those under 'silent' must not. Exits 1 when any fails."
            },
            sortOptions = false)
    static final class Test implements Callable<Integer> {
        @Mixin
        private ContentPaths paths = new ContentPaths();

        @Option(names = "--junit", paramLabel = "FILE", description = "Also write the result as JUnit XML.")
        private @Nullable Path junit;

        @Override
        public Integer call() throws Exception {
            boolean json = paths.json();
            List<Path> folders = paths.folders("rules");
            var content = Content.load(Shipped.content(), folders);
            var report = new RuleTests(content.rules(), new SampleEvents(content.mappings())).run();
            if (junit != null) {
                Files.writeString(junit, report.junitXml());
            }
            if (json) {
                System.out.println(report.json());
            } else {
                report.results().stream().filter(result -> !result.passed()).forEach(Test::print);
                System.out.println(report.results().size() + " samples, " + report.failed() + " failed");
            }
            return report.passed() ? 0 : 1;
        }

        private static void print(TestReport.Result result) {
            System.out.println("FAILED " + result.file() + ":" + result.failure() + "  [" + result.name() + "]");
        }
    }
}
