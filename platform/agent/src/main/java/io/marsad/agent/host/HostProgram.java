package io.marsad.agent.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program of the host and what it may take. Its arguments are given one by one, no shell reads them. Thread-safe.
 *
 * @param command the program and its arguments
 * @param input what it reads; empty: nothing
 * @param environment what is added to the agent's own
 * @param most how long it may run
 * @param mostBytes how much of what it says is kept; it may say more
 * @param complaints whether what it complains of (its second output) is part of what it says
 */
public record HostProgram(
        List<String> command,
        String input,
        Map<String, String> environment,
        Duration most,
        int mostBytes,
        boolean complaints) {
    /**
     * How it ended.
     *
     * @param code 0 when it went well
     * @param said its output
     * @param cut whether there was more of it
     */
    public record Ended(int code, byte[] said, boolean cut) {
        /** As text; what is no UTF-8 is replaced. */
        public String text() {
            return new String(said, StandardCharsets.UTF_8);
        }
    }

    private record Output(byte[] bytes, boolean cut) {}

    public HostProgram {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /**
     * Runs it and waits for its end. What it began itself is ended with it.
     *
     * @throws IOException in words, when it cannot be run, does not end in time, or cannot be read
     */
    public Ended run() throws IOException, InterruptedException {
        var name = command.getFirst();
        var builder = new ProcessBuilder(command).redirectErrorStream(complaints);
        if (!complaints) {
            builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        }
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IOException(name + " cannot be run on this host", e);
        }
        var said = CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
        try {
            try (OutputStream to = process.getOutputStream()) {
                to.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                process.waitFor(1, TimeUnit.SECONDS); // it wants no input: its code says the rest
            }
            if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(name + " did not end within " + most.toSeconds() + " s");
            }
            var output = said.get(2, TimeUnit.SECONDS);
            return new Ended(process.exitValue(), output.bytes, output.cut);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("what " + name + " says cannot be read", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private Output read(InputStream from) {
        try (from) {
            var bytes = from.readNBytes(mostBytes);
            long more =
                    from.transferTo(OutputStream.nullOutputStream()); // it does not stand still because nobody reads
            return new Output(bytes, more > 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
