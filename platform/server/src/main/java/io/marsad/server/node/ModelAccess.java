package io.marsad.server.node;

import io.marsad.api.models.ModelServices;
import io.marsad.api.platform.Metrics;
import io.marsad.connect.OutboundGuard;
import io.marsad.db.Database;
import io.marsad.db.vault.Vault;
import io.marsad.server.config.Config;
import io.marsad.soc.decision.Judge;
import io.marsad.soc.decision.service.Judges;
import io.marsad.soc.decision.service.LedgerJudges;
import io.marsad.soc.model.ModelCalls;
import io.marsad.soc.model.ModelClient;
import io.marsad.soc.model.ModelSettings;
import io.marsad.soc.model.Models;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocketFactory;

/** The tenants' models: each question in the ledger, its budget taken before, an answer that is none asked for once more. */
record ModelAccess(ModelServices services, Judges judges) {
    static ModelAccess open(
            Config config,
            Database database,
            Vault vault,
            Metrics metrics,
            InstantSource clock,
            RandomGenerator random) {
        if (!(SSLSocketFactory.getDefault() instanceof SSLSocketFactory tls)) {
            throw new IllegalStateException("the JDK's default factory makes TLS sockets");
        }
        var client = new ModelClient(new OutboundGuard(config.outbound()), tls);
        var models = new Models(database, vault, client, clock, random);
        var ledger = new LedgerJudges(models, Models.PROMPT_VERSION, database, clock, random);
        for (var outcome : LedgerJudges.Outcome.values()) {
            metrics.counter(
                    "marsad.model.calls",
                    "Questions to language models, by what came of them",
                    "outcome",
                    outcome.word(),
                    () -> ledger.calls(outcome));
        }
        metrics.counter("marsad.model.tokens", "What they cost, in tokens", ledger::tokens);
        var services =
                new ModelServices(new ModelSettings(database, vault, client, clock, random), new ModelCalls(database));
        return new ModelAccess(services, tenant -> {
            var judge = ledger.of(tenant);
            return judge == null ? null : Judge.repairing(judge);
        });
    }
}
