package io.marsad.server.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** How much memory this process and what it started hold. */
public final class Footprint {
    private Footprint() {}

    /**
     * Resident memory of the process tree in MiB, each process counted whole (pages that PostgreSQL's processes share are
     * counted for each of them); 0 where there is no {@code /proc}.
     */
    public static long residentMiB() {
        var self = ProcessHandle.current();
        long kib = Stream.concat(Stream.of(self), self.descendants())
                .mapToLong(process -> residentKiB(process.pid()))
                .sum();
        return kib >> 10;
    }

    private static long residentKiB(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            return 0;
        } catch (NoSuchFileException e) {
            return 0; // it has ended, or this system has no /proc
        } catch (IOException e) {
            return 0; // it ended while being read
        }
    }
}
