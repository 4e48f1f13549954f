package io.marsad.agent.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** How files are opened: tests put a disk beneath that is full. */
@FunctionalInterface
interface Channels {
    /** For reading and writing, made when it is not there. */
    FileChannel open(Path file) throws IOException;

    static Channels real() {
        return file ->
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
}
