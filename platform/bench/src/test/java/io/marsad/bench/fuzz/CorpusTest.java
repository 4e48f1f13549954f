package io.marsad.bench.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What fuzzers found and what they start from: no crash and no hang, at every build. */
class CorpusTest {
    /** Found hangs were endless; the machine may be busy. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @ParameterizedTest
    @EnumSource(Target.class)
    void everyInputIsTakenOrRefused(Target target) throws Exception {
        var name = target.name().toLowerCase(Locale.ROOT);
        var folder = Path.of(
                Objects.requireNonNull(CorpusTest.class.getResource(name)).toURI());
        List<Path> inputs;
        try (var files = Files.list(folder)) {
            inputs = files.sorted().toList();
        }
        assertThat(inputs).hasSizeGreaterThan(5);
        for (Path input : inputs) {
            var bytes = Files.readAllBytes(input);
            Assertions.assertTimeoutPreemptively(LONGEST, () -> target.run(bytes), input::toString);
        }
    }
}
