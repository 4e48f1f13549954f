package io.marsad.db.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running server and the thread that started it, waits for it, and starts it again when it ends unasked. That thread
 * lives as long as the server: the kernel ends the server with the thread, not with the process.
 */
final class ServerProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);
    private static final int RESTARTS = 5;

    private final List<String> command;
    private final Path logFile;
    private final CountDownLatch launched = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable Process process;
    private volatile @Nullable IOException failure;
    private volatile boolean ready;
    private volatile boolean stopping;

    ServerProcess(List<String> command, Path logFile) {
        this.command = command;
        this.logFile = logFile;
        this.thread = Thread.ofPlatform().daemon().name("postgres").start(this::watch);
    }

    private void watch() {
        try {
            for (int restart = 0; restart <= RESTARTS && !stopping; restart++) {
                long started = System.nanoTime();
                var running = launch();
                process = running;
                launched.countDown();
                int code = running.waitFor();
                if (stopping) {
                    return;
                }
                if (!ready) { // a fault of the set-up: trying again would not help
                    throw new IOException("PostgreSQL ended with code " + code + ", see " + logFile);
                }
                LOG.error("PostgreSQL ended unasked with code {}, starting it again; see {}", code, logFile);
                if (System.nanoTime() - started > TimeUnit.MINUTES.toNanos(10)) {
                    restart = 0;
                }
                Thread.sleep(500L << restart);
            }
            if (!stopping) {
                throw new IOException("PostgreSQL ended " + (RESTARTS + 1) + " times, see " + logFile);
            }
        } catch (IOException e) {
            failure = e;
            LOG.error("PostgreSQL is not running: {}", e.getMessage());
        } catch (InterruptedException e) {
            failure = new IOException("the watching thread was interrupted", e); // nobody does
        } finally {
            launched.countDown();
        }
    }

    private Process launch() throws IOException {
        var started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
                .directory(Path.of("/").toFile())
                .start();
        started.getOutputStream().close();
        return started;
    }

    /** The server's process id; it changes when the server is started again. */
    long pid() throws IOException {
        try {
            launched.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL was started", e);
        }
        requireRunning();
        var running = process;
        if (running == null) {
            throw new IOException("PostgreSQL was not started, see " + logFile);
        }
        return running.pid();
    }

    /** It has answered once: from now on it is started again when it ends. */
    void ready() {
        ready = true;
    }

    void requireRunning() throws IOException {
        var why = failure;
        if (why != null) {
            throw new IOException(why.getMessage(), why);
        }
    }

    boolean running() {
        var running = process;
        return failure == null && running != null && running.isAlive();
    }

    /** Fast shutdown; after 20 s immediate (recovery at the next start); returns when the server is gone. */
    void stop() throws IOException {
        stopping = true;
        var running = process;
        if (running == null) {
            return;
        }
        try {
            for (String signal : List.of("INT", "QUIT", "KILL")) {
                if (!running.isAlive()) {
                    break;
                }
                Launcher.run(List.of("sh", "-c", "kill -" + signal + " " + running.pid() + " || true"), 10);
                if (running.waitFor(20, TimeUnit.SECONDS)) {
                    break;
                }
                LOG.warn("PostgreSQL did not end within 20 s after SIG{}", signal);
            }
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL was stopping", e);
        }
    }
}
