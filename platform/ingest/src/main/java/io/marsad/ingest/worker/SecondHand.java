package io.marsad.ingest.worker;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Another thread for a worker: does one thing at a time that was handed to it, in order, while the worker is at the next.
 * So at most two passes are in memory. One thread hands over and waits.
 */
final class SecondHand implements AutoCloseable {
    private final ExecutorService thread;
    private @Nullable Future<?> atWork;

    /** What is done. */
    @FunctionalInterface
    interface Task {
        void run() throws IOException, InterruptedException;
    }

    SecondHand(String name) {
        thread =
                Executors.newSingleThreadExecutor(Thread.ofPlatform().name(name).factory());
    }

    /** Waits for what was handed over before, then hands over the next. */
    void handOver(Task task) throws IOException, InterruptedException {
        await();
        atWork = thread.submit(() -> {
            task.run();
            return true;
        });
    }

    /** Returns when nothing is under way, with what the task before threw if it failed. */
    void await() throws IOException, InterruptedException {
        var before = atWork;
        if (before == null) {
            return;
        }
        try {
            before.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failure -> throw failure;
                case InterruptedException stopped -> throw stopped;
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        }
        atWork = null;
    }

    /** Lets what is under way come to its end. */
    @Override
    public void close() {
        thread.close();
    }
}
