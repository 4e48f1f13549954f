package io.marsad.server.cli;

import io.marsad.server.client.Replay;
import io.marsad.server.client.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code marsad replay}. */
@Command(
        name = "replay",
        description = {
            "Send files through the real door of a running platform.",
            "",
            "Understands Windows event logs (EVTX), JSON, NDJSON, CloudTrail files, syslog and auditd text, plain or"
                    + " gzipped, by their content. At the end it prints what became of every record:"
                    + " sent = stored + dead-lettered + deduplicated."
        },
        sortOptions = false)
final class ReplayCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE|DIR",
            arity = "1..*",
            description = "Files, or folders that are read with all below.")
    private List<Path> paths = List.of();

    @Mixin
    private Target target = new Target();

    @Option(
            names = "--rate",
            paramLabel = "EPS",
            description = "Records a second at most; 0 (the default) is as fast as the platform takes them.")
    private int rate;

    @Option(names = "--format", paramLabel = "NAME", description = "Record format instead of looking at the content.")
    private @Nullable String format;

    @Option(
            names = "--source",
            paramLabel = "NAME",
            defaultValue = "replay",
            description = "Name of the source (default: replay).")
    private String source = "replay";

    @Option(names = "--json", description = "Print the result as one JSON line.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        var terminal = new Terminal(json ? System.err : System.out, System.console() != null && !json);
        try (var client = target.client()) {
            return new Replay(client, terminal, source, format, rate).run(paths, json ? System.out : null);
        }
    }
}
