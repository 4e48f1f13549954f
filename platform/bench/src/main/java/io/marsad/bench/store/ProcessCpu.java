package io.marsad.bench.store;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * CPU time of a process so far, nanoseconds: all its threads, those that have ended too. Read the same way for both sides.
 *
 * @param all in steps of 10 ms
 * @param compiler the part of the JVM's compilers that still run, 0 where there is no /proc
 * @param collector the part of its garbage collector, the same
 */
record ProcessCpu(long all, long compiler, long collector) {
    private static final long TICK = 10_000_000;

    /** What was spent on a number of events, microseconds an event. */
    record Each(double all, double compiler, double collector) {}

    static ProcessCpu of(ProcessHandle process) throws IOException {
        long all = process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
        long compiler = 0;
        long collector = 0;
        var tasks = Path.of("/proc/" + process.pid() + "/task");
        if (Files.isDirectory(tasks)) {
            try (var threads = Files.newDirectoryStream(tasks)) {
                for (var thread : threads) {
                    var stat = stat(thread);
                    int close = stat.lastIndexOf(')');
                    var name = stat.substring(Math.min(close + 1, stat.indexOf('(') + 1), close + 1);
                    if (name.contains("CompilerThre")) {
                        compiler += time(stat, close);
                    } else if (name.startsWith("GC ") || name.startsWith("G1 ") || name.startsWith("VM Thread")) {
                        collector += time(stat, close); // Serial collects in the VM's thread
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        return new ProcessCpu(all, compiler, collector);
    }

    /** What came since, less the time of our own that is not to count, an event. */
    Each since(ProcessCpu before, long not, int events) {
        return new Each(
                (all - before.all - not) / 1e3 / events,
                Math.max(0, compiler - before.compiler) / 1e3 / events,
                Math.max(0, collector - before.collector) / 1e3 / events);
    }

    private static String stat(Path thread) throws IOException {
        try {
            return Files.readString(thread.resolve("stat"));
        } catch (NoSuchFileException e) {
            return ""; // has just ended
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("No such process")) {
                return "";
            }
            throw e;
        }
    }

    /** Fields 14 and 15 of proc(5), user and system. */
    private static long time(String stat, int close) {
        var fields = stat.substring(close + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK;
    }
}
