package io.marsad.connect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Closes a socket when its time is over, unless it is closed itself before: that is what ends a read or a write that lasts. */
final class Deadline implements AutoCloseable {
    private final Socket socket;
    private final Thread watch;
    private volatile boolean passed;

    Deadline(Socket socket, Duration time) {
        this.socket = socket;
        this.watch = Thread.ofVirtual().name("outbound-deadline").start(() -> closeAfter(time));
    }

    /** Whether it was what closed the socket. */
    boolean passed() {
        return passed;
    }

    private void closeAfter(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
            passed = true;
            socket.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it was done in time
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
