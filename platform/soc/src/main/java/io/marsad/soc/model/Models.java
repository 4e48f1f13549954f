package io.marsad.soc.model;

import io.marsad.db.Database;
import io.marsad.db.vault.SecretName;
import io.marsad.db.vault.Vault;
import io.marsad.db.vault.VaultException;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.decision.Judge;
import io.marsad.soc.decision.JudgeQuestion;
import io.marsad.soc.decision.JudgeReply;
import io.marsad.soc.decision.service.Judges;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The tenants' models: each asked only while its tenant has it switched on and its day's budget lasts. A question takes its
 * budget before it is asked, in one statement that all nodes share. Thread-safe.
 */
public final class Models implements Judges {
    /** Which words a question is made of, beside the alert's own. */
    public static final String PROMPT_VERSION = Prompt.VERSION;

    static final SecretName KEY = new SecretName("model", "key");

    private final Database database;
    private final Vault vault;
    private final ModelClient client;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** @param random a secure source: of markers that nobody can know before */
    public Models(Database database, Vault vault, ModelClient client, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.vault = vault;
        this.client = client;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public @Nullable Judge of(TenantId tenant) {
        var now = now();
        @Nullable
        ModelSetting setting = database.<@Nullable ModelSetting>inTenant(
                tenant, connection -> ModelRows.find(connection, tenant.value(), false, now));
        return setting == null || !setting.content().enabled() ? null : question -> ask(tenant, setting, question);
    }

    private JudgeReply ask(TenantId tenant, ModelSetting setting, JudgeQuestion question) {
        var content = setting.content();
        var prompt = Prompt.of(question, random);
        var name = ModelTarget.of(content, null).name();
        int most = prompt.mostTokens();
        var now = now();
        boolean may = database.<Boolean>inTenant(
                tenant, connection -> ModelRows.take(connection, tenant.value(), setting.version(), most, now));
        if (!may) {
            return new JudgeReply.OverBudget(name, prompt.hash(), whyNot(tenant, setting.version(), now));
        }
        JudgeReply reply;
        try {
            reply = client.ask(ModelTarget.of(content, key(tenant)), prompt);
        } catch (VaultException e) {
            reply = new JudgeReply.Failed(name, prompt.hash(), "its key cannot be read from the vault");
        }
        var failure = failure(reply);
        int cost = cost(reply, most);
        database.inTenant(tenant, connection -> {
            ModelRows.settle(connection, tenant.value(), now, (long) most - cost, failure);
            return true;
        });
        return reply;
    }

    /** What nobody counted costs its most: a model that counts nothing would be asked without end. */
    private static int cost(JudgeReply reply, int most) {
        return switch (reply) {
            case JudgeReply.Said _, JudgeReply.Refused _, JudgeReply.Steered _, JudgeReply.TimedOut _ ->
                reply.tokens() == 0 ? most : reply.tokens();
            case JudgeReply.Failed _, JudgeReply.OverBudget _ -> most;
        };
    }

    private static @Nullable String failure(JudgeReply reply) {
        return switch (reply) {
            case JudgeReply.Said _ -> null;
            case JudgeReply.TimedOut _ -> "it did not answer in time";
            case JudgeReply.Refused refused -> refused.why();
            case JudgeReply.Steered steered -> steered.why();
            case JudgeReply.Failed failed -> failed.why();
            case JudgeReply.OverBudget over -> over.why();
        };
    }

    private String whyNot(TenantId tenant, long version, Instant now) {
        @Nullable
        ModelSetting setting = database.<@Nullable ModelSetting>inTenant(
                tenant, connection -> ModelRows.find(connection, tenant.value(), false, now));
        if (setting == null || setting.version() != version) {
            return "it was switched off or set up anew meanwhile";
        }
        var content = setting.content();
        return setting.callsUsed() >= content.callsPerDay()
                ? "its " + content.callsPerDay() + " questions of today are used up"
                : "its " + content.tokensPerDay() + " tokens of today do not last for another question";
    }

    private @Nullable String key(TenantId tenant) {
        return database.<@Nullable String>inTenant(tenant, connection -> {
            try (var secret = vault.read(connection, tenant, KEY)) {
                return secret == null ? null : secret.text();
            }
        });
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
