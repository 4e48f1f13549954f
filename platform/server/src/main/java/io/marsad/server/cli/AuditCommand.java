package io.marsad.server.cli;

import io.marsad.db.audit.AuditCheck.Verification;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.server.node.AuditVerification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad audit}. */
@Command(
        name = "audit",
        description = "The record of what was done by whom.",
        subcommands = {AuditCommand.Verify.class, AuditStreamCommand.class},
        sortOptions = false)
final class AuditCommand implements Runnable {
    @picocli.CommandLine.Spec
    private picocli.CommandLine.Model.CommandSpec spec = picocli.CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    /** {@code marsad audit verify}. */
    @Command(
            name = "verify",
            description = {
                "Read every tenant's audit log and compute its chain of hashes again; name the first entry that was"
                        + " changed, deleted, put in or moved.",
                "",
                "Works on the database itself, whether the platform runs or not, and compares with the signed checkpoints,"
                        + " of which the newest of each tenant is kept in the data folder. What came after the last"
                        + " checkpoint (at most a minute) rests on the chain and its head alone.",
                "",
                "Exits 0 when every entry is as it was written, 1 when one is not, 2 on wrong use."
            },
            sortOptions = false)
    static final class Verify implements Callable<Integer> {
        /** How the result is printed. */
        enum Format {
            TABLE,
            JSON
        }

        @Mixin
        private InstallationOptions options = new InstallationOptions();

        @Option(names = "--tenant", paramLabel = "ID", description = "Only this tenant's log.")
        private @Nullable String tenant;

        @Option(
                names = "--format",
                paramLabel = "table|json",
                description = "How to print the result (default: table); json ends with one line for all.")
        private Format format = Format.TABLE;

        @Override
        public Integer call() throws Exception {
            var all = AuditVerification.run(options.config(), Shipped.postgres());
            if (tenant != null) {
                all.keySet().removeIf(id -> !id.value().equals(tenant));
                if (all.isEmpty()) {
                    throw new CommandFailure("there is no tenant '" + tenant + "'");
                }
            }
            boolean ok = all.values().stream().allMatch(Verification::ok);
            switch (format) {
                case JSON -> System.out.println(json(all, ok));
                case TABLE -> table(all);
            }
            return ok ? 0 : 1;
        }

        private static String json(Map<TenantId, Verification> all, boolean ok) {
            var line = new LinkedHashMap<String, @Nullable Object>();
            line.put("ok", ok);
            line.put(
                    "entries",
                    all.values().stream().mapToLong(Verification::entries).sum());
            line.put("first_bad", null);
            List<Map<String, @Nullable Object>> tenants = new ArrayList<>();
            all.forEach((id, verification) -> {
                var one = new LinkedHashMap<String, @Nullable Object>();
                one.put("tenant", id.value());
                one.put("ok", verification.ok());
                one.put("entries", verification.entries());
                one.put("first_bad", verification.ok() ? null : verification.firstBad());
                one.put("reason", verification.ok() ? null : verification.reason());
                one.put("sealed", verification.sealed());
                tenants.add(one);
                if (!verification.ok() && line.get("first_bad") == null) {
                    line.put("first_bad", verification.firstBad());
                }
            });
            line.put("tenants", tenants);
            return new JsonMapper().writeValueAsString(line);
        }

        private static void table(Map<TenantId, Verification> all) {
            all.forEach((id, verification) -> {
                if (verification.ok()) {
                    System.out.println(String.format(
                            Locale.ROOT,
                            "%s: all %,d entries are as they were written; sealed up to %,d",
                            id,
                            verification.entries(),
                            verification.sealed()));
                } else {
                    System.out.println(String.format(
                            Locale.ROOT,
                            "%s: ENTRY %,d IS BAD: %s (%,d before it are good)",
                            id,
                            verification.firstBad(),
                            verification.reason(),
                            verification.entries()));
                }
            });
        }
    }
}
