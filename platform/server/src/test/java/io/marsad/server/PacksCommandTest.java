package io.marsad.server;

import static io.marsad.server.PlaybooksCommandTest.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code marsad packs check}: what is printed, and the exit codes. */
class PacksCommandTest {
    private static final Path ROOT = Path.of(System.getProperty("marsad.root", "../.."));

    @TempDir
    private Path folder;

    @Test
    void nothingCanBeSaidAgainstWhatIsShipped() {
        var good =
                run("packs", "check", ROOT.resolve("content/osquery-packs").toString(), "--strict", "--format", "json");
        assertThat(good.code()).as(good.out()).isZero();
        assertThat(good.last().get("packs").intValue()).isEqualTo(6);
        assertThat(good.last().get("queries").intValue()).isGreaterThan(40);
        assertThat(good.last().get("findings")).isEmpty();
    }

    @Test
    void saysWhatIsWrongWithFileAndLine() throws Exception {
        var file = folder.resolve("mine.yaml");
        Files.writeString(file, "queries:\n  a: {query: SELECT name FROM procesess, interval: 60}\n");
        assertThat(run("packs", "check", file.toString()).code()).isZero();
        var doubtful = run("packs", "check", file.toString(), "--strict");
        assertThat(doubtful.code()).isOne();
        assertThat(doubtful.out()).contains("warning  " + file + ":2: a: osquery has no table 'procesess'");
        Files.writeString(file, "queries:\n  a: {query: DROP TABLE users, interval: 60}\n");
        var wrong = run("packs", "check", folder.toString());
        assertThat(wrong.code()).isOne();
        assertThat(wrong.out())
                .contains("error    " + file + ":2: a: it has to begin with SELECT or WITH")
                .contains("1 packs, 0 queries, 1 packs refused, 0 warnings");
    }
}
