package io.marsad.server.cli;

import io.marsad.server.node.Diagnosis;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad doctor}. */
@Command(
        name = "doctor",
        description = {
            "Look at what the platform needs and say how to mend what is wrong.",
            "",
            "JDK, ports, disk, memory, embedded PostgreSQL, clock, content, templates of tenants."
        },
        sortOptions = false)
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private InstallationOptions options = new InstallationOptions();

    @Option(names = "--json", description = "Print the findings as one JSON line.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        var findings = Diagnosis.of(options.config(), Shipped.postgres());
        boolean well = findings.stream().allMatch(Diagnosis.Finding::good);
        if (json) {
            var result = new LinkedHashMap<String, Object>();
            result.put("ok", well);
            result.put("findings", findings);
            System.out.println(new JsonMapper().writeValueAsString(result));
            return well ? 0 : 1;
        }
        for (Diagnosis.Finding finding : findings) {
            System.out.println(String.format(
                    Locale.ROOT, "%-4s %-20s %s", finding.good() ? "ok" : "BAD", finding.what(), finding.found()));
            if (!finding.good()) {
                System.out.println("     " + " ".repeat(20) + " -> " + finding.remedy());
            }
        }
        return well ? 0 : 1;
    }
}
