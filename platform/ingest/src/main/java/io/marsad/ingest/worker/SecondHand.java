package io.marsad.ingest.worker;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Another thread for a worker: does what was handed to it, in order, while the worker goes on. So many things may wait for
 * it or be under way, of so many bytes together: some take long (a block is made of what was stored), most do not, and the
 * worker need not stand still meanwhile. Nothing is done after a failure. One thread hands over and waits.
 */
final class SecondHand implements AutoCloseable {
    private final ExecutorService thread;
    private final int most;
    private final long mostBytes;
    private final ArrayDeque<Work> underWay = new ArrayDeque<>();
    private long bytesUnderWay;
    /** Only of the second thread. */
    private boolean broken;

    /** What is done. */
    @FunctionalInterface
    interface Task {
        void run() throws IOException, InterruptedException;
    }

    private record Work(Future<?> result, long bytes) {}

    /**
     * @param most things that may be under way at once
     * @param mostBytes that they may have together; one alone may have more
     */
    SecondHand(String name, int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
        thread =
                Executors.newSingleThreadExecutor(Thread.ofPlatform().name(name).factory());
    }

    /** Waits until there is room, then hands over. Throws what a task before threw. */
    void handOver(Task task, long bytes) throws IOException, InterruptedException {
        while (underWay.size() == most || !underWay.isEmpty() && bytesUnderWay + bytes > mostBytes) {
            finish(underWay.element());
        }
        underWay.add(new Work(thread.submit(() -> run(task)), bytes));
        bytesUnderWay += bytes;
    }

    private boolean run(Task task) throws IOException, InterruptedException {
        if (broken) {
            throw new IOException("what was to be done before failed");
        }
        broken = true;
        task.run();
        broken = false;
        return true;
    }

    /** Returns when nothing is under way, with what the first task that failed threw. */
    void await() throws IOException, InterruptedException {
        while (!underWay.isEmpty()) {
            finish(underWay.element());
        }
    }

    /** Waits for the oldest; one that failed stays the oldest. */
    private void finish(Work oldest) throws IOException, InterruptedException {
        try {
            oldest.result.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failure -> throw failure;
                case InterruptedException stopped -> throw stopped;
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        }
        underWay.remove();
        bytesUnderWay -= oldest.bytes;
    }

    /** Lets what is under way come to its end. */
    @Override
    public void close() {
        thread.close();
    }
}
