package io.marsad.agent.collect;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Processes of a host that has no {@code /proc}, as one of its programs lists them; the records are those of
 * {@link ProcessCollector}, with {@code user} where there is no {@code uid}.
 */
public final class ProcessTable implements Collector {
    private static final int COMMAND = 8_192;
    private static final long HASHED = 64L << 20;

    private final Origin origin;
    private final Programs programs;
    private final List<String> command;
    private final Function<byte[], Table<HostProcess.Key, HostProcess>> parser;
    private final LongFunction<@Nullable String> executables;
    private final Hashes hashes = new Hashes(HASHED);
    private final Changes<HostProcess.Key, HostProcess> changes = new Changes<>();
    private long refusals;

    /**
     * @param parser of what the command says
     * @param executables the path of the program that a process runs, where the list does not say it
     */
    public ProcessTable(
            Origin origin,
            Programs programs,
            List<String> command,
            Function<byte[], Table<HostProcess.Key, HostProcess>> parser,
            LongFunction<@Nullable String> executables) {
        this.origin = origin;
        this.programs = programs;
        this.command = List.copyOf(command);
        this.parser = parser;
        this.executables = executables;
    }

    /** What the host tells Java of a process. */
    public static @Nullable String executable(long pid) {
        return ProcessHandle.of(pid).flatMap(one -> one.info().command()).orElse(null);
    }

    @Override
    public String name() {
        return "process";
    }

    @Override
    public void poll(Sink sink) {
        var said = programs.at(command);
        if (said == null) {
            return;
        }
        var table = parser.apply(said);
        refusals += table.refused();
        if (table.rows().isEmpty()) {
            return; // a host without processes is none: what it said was no list
        }
        changes.look(table.rows(), (change, key, before, now) -> {
            switch (change) {
                case FIRST -> sink.accept(started("Inventory", now));
                case CAME -> sink.accept(started("Launch", now));
                case GONE -> sink.accept(process("Terminate", before));
                case CHANGED -> {} // only what it calls itself
            }
        });
    }

    private ObjectNode process(String activity, HostProcess process) {
        var found =
                origin.record(name(), activity).put("pid", process.key().pid()).put("name", process.name());
        if (process.parent() >= 0) {
            found.put("parent_pid", process.parent());
        }
        return process.key().created() > 0
                ? found.put("created_time", process.key().created())
                : found;
    }

    private ObjectNode started(String activity, HostProcess process) {
        var found = process(activity, process);
        long uid = Found.number(process.user(), 10);
        if (uid >= 0) {
            found.put("uid", uid);
        } else if (!process.user().isEmpty()) {
            found.put("user", process.user());
        }
        if (!process.command().isEmpty()) {
            found.put("cmd_line", Found.cut(process.command(), COMMAND));
            if (process.command().length() > COMMAND) {
                found.put("cmd_line_cut", true);
            }
        }
        var path = process.path().isEmpty() ? executables.apply(process.key().pid()) : process.path();
        if (path != null) {
            found.put("path", path);
            Found.put(found, "hashes", hash(path));
        }
        return found;
    }

    private @Nullable String hash(String path) {
        try {
            return hashes.named(Path.of(path));
        } catch (InvalidPathException e) {
            return null;
        }
    }

    @Override
    public long refusals() {
        return refusals + programs.refusals();
    }
}
