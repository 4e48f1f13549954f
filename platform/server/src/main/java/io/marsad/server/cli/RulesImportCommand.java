package io.marsad.server.cli;

import io.marsad.kernel.content.ContentProblem;
import io.marsad.server.client.PlatformClient;
import io.marsad.server.imports.ImportedSet;
import io.marsad.server.imports.RuleImport;
import io.marsad.server.node.Content;
import io.marsad.server.node.LocalAccess;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad rules import}. */
@Command(
        name = "import",
        description = {
            "Take a public rule set in, with where it is from and its licence; or take it out again.",
            "",
            "SOURCE is a folder, a zip file, or the https address of a Git repository (fetched with git, without"
                    + " redirects, hooks, submodules or credentials; a private one: clone it and import the folder)."
                    + " What can be read is imported, the rest is refused with its reason. Importing again replaces the"
                    + " set and says what was added, changed and removed. A platform that runs on the data folder takes the"
                    + " set at once.",
            "",
            "Exits 0 when the set was imported, 1 when it was not, 2 on wrong use."
        },
        footer = {
            "",
            "Examples:",
            "  ./marsad rules import https://github.com/SigmaHQ/sigma --path rules --dry-run",
            "  ./marsad rules import sigma_core.zip --name sigma-core --licence DRL-1.1",
            "  ./marsad rules import --list",
            "  ./marsad rules import --remove sigma-core"
        },
        sortOptions = false)
final class RulesImportCommand implements Callable<Integer> {
    private static final int MAX_SHOWN = 40;

    /** How results are printed. */
    enum Format {
        TABLE,
        JSON
    }

    @Parameters(
            paramLabel = "SOURCE",
            arity = "0..1",
            description = "A folder, a zip file or the https address of a Git repository.")
    private @Nullable String source;

    @Option(
            names = "--into",
            paramLabel = "DIR",
            description = "The folder of sets (default: rules/ in the data folder, which the platform reads).")
    private @Nullable Path into;

    @Option(
            names = "--name",
            paramLabel = "SET",
            description =
                    "What the set is called (default: after its source); importing the same name again replaces it.")
    private @Nullable String name;

    @Option(
            names = "--licence",
            paramLabel = "ID",
            description = "Its licence as SPDX names it (default: what the source's LICENSE file is).")
    private @Nullable String licence;

    @Option(names = "--ref", paramLabel = "NAME", description = "Branch or tag of a repository.")
    private @Nullable String ref;

    @Option(
            names = "--path",
            paramLabel = "FOLDER",
            arity = "1",
            description = "Only rules below this folder of the source; may be given several times.")
    private List<String> below = List.of();

    @Option(
            names = "--all-status",
            description = "Also rules that call themselves deprecated or unsupported, which are left out otherwise.")
    private boolean everyStatus;

    @Option(names = "--allow-private-address", description = "Also from a server that is not on the public internet.")
    private boolean privateToo;

    @Option(names = "--dry-run", description = "Say what would be done, and change nothing.")
    private boolean dryRun;

    @Option(names = "--remove", paramLabel = "SET", description = "Take an imported set out again.")
    private @Nullable String remove;

    @Option(names = "--list", description = "Show the imported sets.")
    private boolean list;

    @Option(names = "--format", paramLabel = "table|json", description = "How to print it (default: table).")
    private Format format = Format.TABLE;

    @Mixin
    private DataFolder data = new DataFolder();

    @Override
    public Integer call() throws Exception {
        var folder =
                into != null ? into.toAbsolutePath().normalize() : data.path().resolve("rules");
        if (list) {
            list(folder);
            return 0;
        }
        var fields = Content.load(Shipped.content(), List.of()).fields();
        var imports =
                new RuleImport(folder, List.of(Shipped.content().resolve("rules")), fields, InstantSource.system());
        if (remove != null) {
            var set = imports.remove(remove);
            System.out.println(
                    "Removed " + set.name() + " (" + set.files().size() + " files from " + set.source() + ").");
            return taken();
        }
        if (source == null) {
            throw new CommandFailure("say what to import: a folder, a zip file or an https address (see --help)");
        }
        var report =
                imports.run(new RuleImport.Request(source, name, licence, ref, below, everyStatus, privateToo, dryRun));
        switch (format) {
            case TABLE -> table(report, folder);
            case JSON -> System.out.println(JsonMapper.shared().writeValueAsString(json(report)));
        }
        return dryRun ? 0 : taken();
    }

    /** A platform that runs on the data folder reads its rules again. */
    private int taken() throws IOException, InterruptedException {
        var access = into == null ? LocalAccess.read(data.path()) : null;
        if (access == null) {
            return 0;
        }
        try (var client = new PlatformClient(access.url(), access.token())) {
            var answer = RulesReloadCommand.reload(client);
            if (format == Format.TABLE) {
                RulesReloadCommand.print(answer);
            } else if (!answer.ok()) {
                System.err.println(answer.problem());
            }
            return answer.ok() ? 0 : 1;
        } catch (ConnectException e) {
            System.err.println("No platform answers at " + access.url() + "; rules are read when it is started.");
            return 0;
        }
    }

    private void list(Path folder) throws IOException {
        var sets = ImportedSet.all(folder);
        if (format == Format.JSON) {
            System.out.println(JsonMapper.shared()
                    .writeValueAsString(
                            sets.stream().map(RulesImportCommand::about).toList()));
            return;
        }
        for (ImportedSet set : sets) {
            System.out.println(set.name() + "  " + set.files().size() + " files, " + set.licence() + ", from "
                    + set.source() + " at " + set.revision() + ", " + set.importedAt());
        }
        if (sets.isEmpty()) {
            System.out.println("No set is imported in " + folder);
        }
    }

    private void table(RuleImport.Report report, Path folder) {
        var set = report.set();
        System.out.println(set.name() + "  from " + set.source() + " (" + set.kind() + ", " + set.revision() + ")");
        System.out.println("licence   " + set.licence()
                + (set.licence().equals("NOASSERTION")
                        ? ": the source does not say; find out before you use it, and give it with --licence"
                        : ""));
        System.out.println("rules     " + report.rules() + " of "
                + set.authors().size() + " authors, " + report.waiting() + " waiting for lists");
        System.out.println("files     " + report.added().size() + " added, "
                + report.changed().size() + " changed, " + report.removed().size() + " removed");
        shown("added", report.added().size() == set.files().size() ? List.of() : report.added());
        shown("changed", report.changed());
        shown("removed", report.removed());
        System.out.println("left out  " + report.retired() + " deprecated or unsupported, " + report.other()
                + " that are no rules, " + report.refused().size() + " refused");
        shown("refused", report.refused().stream().map(ContentProblem::toString).toList());
        System.out.println(dryRun ? "Nothing was changed (--dry-run)." : "In " + folder.resolve(set.name()));
    }

    private static void shown(String what, List<String> lines) {
        lines.stream().limit(MAX_SHOWN).forEach(line -> System.out.println("  " + what + "  " + line));
        if (lines.size() > MAX_SHOWN) {
            System.out.println("  " + what + "  and " + (lines.size() - MAX_SHOWN) + " more");
        }
    }

    private static Map<String, Object> about(ImportedSet set) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", set.name());
        json.put("source", set.source());
        json.put("kind", set.kind());
        json.put("revision", set.revision());
        json.put("imported_at", set.importedAt());
        json.put("licence", set.licence());
        json.put("files", set.files().size());
        return json;
    }

    private Map<String, Object> json(RuleImport.Report report) {
        var json = about(report.set());
        json.put("rules", report.rules());
        json.put("waiting", report.waiting());
        json.put("added", report.added());
        json.put("changed", report.changed());
        json.put("removed", report.removed());
        json.put("retired", report.retired());
        json.put("other", report.other());
        json.put(
                "refused",
                report.refused().stream().map(RulesCheckCommand::fault).toList());
        json.put("dry_run", dryRun);
        return json;
    }
}
