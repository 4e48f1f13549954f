package io.marsad.bench;

import io.marsad.bench.diff.SigmaDiffCommand;
import io.marsad.bench.fair.FairCommand;
import io.marsad.bench.faults.StoreFaultsCommand;
import io.marsad.bench.flow.FlowCommand;
import io.marsad.bench.flow.FollowersCommand;
import io.marsad.bench.flow.IndicatorsCommand;
import io.marsad.bench.flow.NeighboursCommand;
import io.marsad.bench.flow.PastCommand;
import io.marsad.bench.flow.RunsCommand;
import io.marsad.bench.flow.StagesCommand;
import io.marsad.bench.flow.TenantsCommand;
import io.marsad.bench.fuzz.FuzzCommand;
import io.marsad.bench.grouping.GroupingCommand;
import io.marsad.bench.relay.RelayCommand;
import io.marsad.bench.scan.ScanCommand;
import io.marsad.bench.search.HuntDiffCommand;
import io.marsad.bench.search.SearchDiffCommand;
import io.marsad.bench.sigma.SigmaCommand;
import io.marsad.bench.store.StoreCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code marsad bench} and its sub-commands. Exit codes: 0 measured, 1 a bar was missed or results differ, 2 wrong use. */
@Command(
        name = "marsad bench",
        description =
                "Measure this build on this machine. Each benchmark says what it needs and what it compares with.",
        subcommands = {
            SigmaCommand.class,
            FlowCommand.class,
            FollowersCommand.class,
            RunsCommand.class,
            RelayCommand.class,
            StagesCommand.class,
            StoreCommand.class,
            ScanCommand.class,
            SigmaDiffCommand.class,
            SearchDiffCommand.class,
            HuntDiffCommand.class,
            FuzzCommand.class,
            FairCommand.class,
            TenantsCommand.class,
            IndicatorsCommand.class,
            PastCommand.class,
            NeighboursCommand.class,
            StoreFaultsCommand.class,
            GroupingCommand.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
