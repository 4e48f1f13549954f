package io.marsad.server.cli;

import io.marsad.kernel.content.ContentException;
import io.marsad.server.client.Terminal;
import io.marsad.server.config.Config;
import io.marsad.server.node.Logs;
import io.marsad.server.node.Node;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/** A node started from the command line: says what it does, tells the first login, stops cleanly on Ctrl-C. */
final class RunningNode implements AutoCloseable {
    private final Node node;
    private final Terminal terminal;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    private RunningNode(Node node, Terminal terminal) {
        this.node = node;
        this.terminal = terminal;
    }

    static RunningNode start(Config config, Terminal terminal)
            throws IOException, ContentException, InterruptedException {
        Logs.into(config.data().resolve("logs"));
        var node = Node.start(config, Shipped.postgres(), terminal::line);
        var running = new RunningNode(node, terminal);
        Runtime.getRuntime().addShutdownHook(new Thread(running::shutDown, "shutdown"));
        running.greet();
        return running;
    }

    Node node() {
        return node;
    }

    private void greet() {
        terminal.line("");
        terminal.line("  Console   " + node.url());
        var login = node.firstLogin();
        if (login != null) {
            terminal.line("  Login     " + login.username() + " / " + login.password() + "   (shown this once)");
        } else {
            terminal.line("  Login     as before; a new password: ./marsad user reset-password admin");
        }
        terminal.line("");
    }

    void awaitEnd() throws InterruptedException {
        stop.await();
    }

    /** Run by the JVM on Ctrl-C and termination; waits until everything is closed. */
    private void shutDown() {
        stop.countDown();
        try {
            if (!stopped.await(30, java.util.concurrent.TimeUnit.SECONDS)) {
                terminal.line(
                        "Stopping takes longer than 30 s; what was acknowledged is safe and is read again at the next start.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            terminal.line("Stopping.");
            long started = System.nanoTime();
            node.close();
            terminal.line(String.format(Locale.ROOT, "Stopped in %.1f s.", (System.nanoTime() - started) / 1e9));
        } finally {
            stopped.countDown();
        }
    }
}
