package io.marsad.agent.act;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs programs of the host: their arguments are given one by one, no shell reads them. */
final class Commands {
    static final int MOST_OUTPUT = 64 << 10;
    private static final Duration USUAL = Duration.ofSeconds(20);

    private Commands() {}

    /** @param cut whether there was more */
    record Ended(int code, String output, boolean cut) {}

    /** What a program says, with what it complains of. @throws ActionFailed when it cannot be run, or does not end in time */
    static Ended run(String input, List<String> command) throws ActionFailed, InterruptedException {
        return run(input, command, USUAL);
    }

    static Ended run(String input, List<String> command, Duration most) throws ActionFailed, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new ActionFailed(command.getFirst() + " cannot be run on this host", e);
        }
        var said = CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
        try {
            try (OutputStream to = process.getOutputStream()) {
                to.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                process.waitFor(1, TimeUnit.SECONDS); // it wants no input: its code says the rest
            }
            if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ActionFailed(command.getFirst() + " did not end within " + most.toSeconds() + " s");
            }
            var output = said.get(2, TimeUnit.SECONDS);
            return new Ended(process.exitValue(), output.text, output.cut);
        } catch (ExecutionException | TimeoutException e) {
            throw new ActionFailed("what " + command.getFirst() + " says cannot be read", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** @throws ActionFailed with what it says, when it does not end well */
    static String require(String input, String... command) throws ActionFailed, InterruptedException {
        var ended = run(input, List.of(command));
        if (ended.code != 0) {
            throw new ActionFailed(command[0] + ": " + ended.output.strip());
        }
        return ended.output;
    }

    private record Output(String text, boolean cut) {}

    private static Output read(InputStream from) {
        try (from) {
            var bytes = from.readNBytes(MOST_OUTPUT);
            long more = from.skip(Long.MAX_VALUE); // it does not stand still because nobody reads on
            return new Output(new String(bytes, StandardCharsets.UTF_8), more > 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
