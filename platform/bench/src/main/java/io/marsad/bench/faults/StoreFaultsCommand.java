package io.marsad.bench.faults;

import io.marsad.testkit.Seed;
import io.marsad.testkit.store.FaultHistory;
import io.marsad.testkit.store.FaultOutcome;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code marsad bench store-faults}: the test's histories, more of them. */
@Command(
        name = "store-faults",
        description = {
            "Run event log and event store on a disk that loses power, tears writes, is full and turns bits over.",
            "Ends with 1 when an acknowledged event is lost without a word or doubled; every history can be had again",
            "by its seed."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class StoreFaultsCommand implements Callable<Integer> {
    @Option(names = "--runs", paramLabel = "N", description = "How many histories (default: 10000).")
    private int runs = 10_000;

    @Option(names = "--seed", paramLabel = "N", description = "The first one's seed (default: a new one).")
    private long first = Seed.of("store-faults").value();

    @Override
    public Integer call() throws InterruptedException {
        var sum = FaultOutcome.NONE;
        int failed = 0;
        for (int i = 0; i < runs; i++) {
            try {
                sum = sum.plus(FaultHistory.run(first + i));
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception | AssertionError e) {
                failed++;
                System.out.println("--seed " + (first + i) + " --runs 1: " + e);
            }
        }
        System.out.println(sum);
        System.out.println(runs + " histories, " + failed + " failed");
        return failed == 0 ? 0 : 1;
    }
}
