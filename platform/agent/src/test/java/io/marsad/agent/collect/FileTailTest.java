package io.marsad.agent.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.testkit.Seed;
import io.marsad.testkit.TestClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Log files that grow, are rotated and truncated, with an agent that begins anew. */
final class FileTailTest {
    @TempDir
    private Path root;

    private Path log;

    @BeforeEach
    void folder() throws IOException {
        log = Files.createDirectories(root.resolve("var/log")).resolve("app.log");
    }

    private FileTail tail() {
        return new FileTail(new HostRoot(root), List.of("/var/log/*.log"), 100, root.resolve("positions"));
    }

    private static void lines(FileTail tail, List<String> to) {
        tail.poll((path, line, cut) -> to.add(new String(line, StandardCharsets.UTF_8) + (cut ? "|cut" : "")));
        tail.commit();
    }

    private void write(String text) throws IOException {
        Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void whatWasThereBeforeIsLeftAndWhatComesIsGiven() throws IOException {
        write("old\n");
        var found = new ArrayList<String>();
        var tail = tail();
        lines(tail, found);
        write("new\r\nhalf");
        lines(tail, found);
        assertThat(found).containsExactly("new");
        write(" whole\n" + "x".repeat(250) + "\nafter\n");
        lines(tail(), found);
        assertThat(found).containsExactly("new", "half whole", "x".repeat(100) + "|cut", "after");
    }

    @Test
    void everyLineComesOnceThroughRotationsAndRestarts() throws IOException {
        var random = Seed.of("FileTailTest").random();
        var written = new ArrayList<String>();
        var found = new ArrayList<String>();
        var tail = tail();
        lines(tail, found);
        for (int step = 0; step < 1500; step++) {
            switch (random.nextInt(10)) {
                case 0 -> lines(tail, found);
                case 1 -> {
                    lines(tail, found); // the position is kept here: a restart takes up from it
                    tail = tail();
                }
                case 2 -> {
                    if (random.nextInt(4) == 0 && Files.exists(log)) {
                        lines(tail, found);
                        write("last of this file " + step + "\n");
                        written.add("last of this file " + step);
                        Files.move(log, log.resolveSibling("app.log.1"), StandardCopyOption.REPLACE_EXISTING);
                        write("first of the next " + step + "\n");
                        written.add("first of the next " + step);
                        lines(tail, found);
                    }
                }
                case 3 -> {
                    if (random.nextInt(4) == 0 && Files.exists(log)) {
                        lines(tail, found);
                        Files.copy(log, log.resolveSibling("app.log.2"), StandardCopyOption.REPLACE_EXISTING);
                        Files.write(log, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
                        var more = "truncated " + step + "\n";
                        for (int i = random.nextInt(30); i >= 0; i--) {
                            write(more);
                            written.add(more.strip());
                        }
                    }
                }
                default -> {
                    write("line " + step + "\n");
                    written.add("line " + step);
                }
            }
        }
        lines(tail, found);
        assertThat(found).isEqualTo(written);
    }

    @Test
    void aFileThatIsFollowedUnderItsNewNameTooComesOnce() throws IOException {
        var written = new ArrayList<String>();
        var found = new ArrayList<String>();
        var wide = List.of("/var/log/app.log*");
        for (int step = 0; step < 60; step++) {
            // A new one each time: positions are all that is remembered.
            var tail = new FileTail(new HostRoot(root), wide, 100, root.resolve("positions"));
            lines(tail, found);
            write("line " + step + "\n");
            written.add("line " + step);
            if (step % 3 == 0) {
                Files.move(log, log.resolveSibling("app.log." + step));
                write("anew " + step + "\n");
                written.add("anew " + step);
            }
            lines(tail, found);
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    void whatBeginsWhileTheAgentIsDownIsReadFromItsBeginning() throws IOException {
        var found = new ArrayList<String>();
        lines(tail(), found);
        write("first\n");
        lines(tail(), found);
        assertThat(found).containsExactly("first");
    }

    @Test
    void bytesThatAreNoTextAreKept() throws IOException {
        var collector = new LogCollector(
                new HostRoot(root),
                List.of("/var/log/*.log"),
                root.resolve("p"),
                new TestClock("2026-11-23T06:00:00Z"));
        var found = new ArrayList<ObjectNode>();
        collector.poll(found::add);
        Files.write(log, new byte[] {'a', (byte) 0xff, 'b', '\n'});
        collector.poll(found::add);
        assertThat(found).singleElement().satisfies(line -> {
            assertThat(line.get("message").stringValue()).isEqualTo("a\ufffdb");
            assertThat(line.get("raw_base64").stringValue()).isEqualTo("Yf9i");
        });
    }
}
