package io.marsad.bench.sigma;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code marsad bench sigma}. */
@Command(
        name = "sigma",
        description = "All rules over real events: the matcher against one rule at a time, in one run.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class SigmaCommand implements Callable<Integer> {
    @Option(names = "--format", paramLabel = "table|json", description = "How to print the result (default: table).")
    private String format = "table";

    @Option(names = "--quick", description = "A tenth of the rounds: minutes become seconds, numbers become rough.")
    private boolean quick;

    @Override
    public Integer call() {
        System.out.println("marsad bench sigma: format " + format + (quick ? ", quick" : ""));
        return 0;
    }
}
