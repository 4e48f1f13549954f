package io.marsad.bench.fuzz;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlReader;
import io.marsad.sigma.FieldResolver;
import io.marsad.sigma.RuleSet;
import java.nio.charset.StandardCharsets;

/**
 * The YAML loader and the reader of Sigma documents. Whatever the text is, it is refused with a reason or becomes rules
 * that can be asked about an event.
 */
public final class RuleTarget {
    private RuleTarget() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] data) {
        var text = new String(data, StandardCharsets.UTF_8);
        try {
            YamlReader.read("fuzz.yml", text);
        } catch (ContentException e) {
            if (e.problems().isEmpty()) {
                throw new AssertionError("refused without a reason", e);
            }
        }
        var rules = RuleSet.of("fuzz.yml", text, FieldResolver.UNMAPPED);
        if (!rules.rules().isEmpty()) {
            rules.compile()
                    .matchAnySource(
                            FuzzEvents.of("Image", "C:\\Windows\\cmd.exe", "CommandLine", "cmd /c -x 10.0.0.1"),
                            0,
                            new Ignored());
        }
    }
}
