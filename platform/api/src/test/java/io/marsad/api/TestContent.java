package io.marsad.api;

import io.marsad.connect.OutboundGuard;
import io.marsad.db.Database;
import io.marsad.db.audit.AuditSeal;
import io.marsad.fleet.osquery.ShippedPacks;
import io.marsad.ingest.hunt.Hunt;
import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.sigma.FieldResolver;
import io.marsad.sigma.RuleMatcher;
import io.marsad.sigma.RuleSet;
import io.marsad.soc.alert.RuleOrigin;
import io.marsad.soc.audit.AuditStreams;
import io.marsad.soc.audit.KeptNotes;
import io.marsad.soc.rule.LoadedRules;
import io.marsad.soc.tenant.TenantTemplates;
import io.marsad.store.query.lists.ListTable;
import io.marsad.store.query.lists.TenantTables;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Rules and lists that a {@link TestNode} has in use. */
final class TestContent {
    /** Whose tokens are called what. */
    static final IdentityServices.Setting SETTING =
            new IdentityServices.Setting(TestNode.OWN, null, TestProvider.GUARD, packs());

    static final LoadedRules IN_USE = new LoadedRules(
            RuleSet.of("rules", """
                    title: Alpha is run
                    id: 00000000-0000-4000-8000-000000000001
                    level: high
                    status: stable
                    license: DRL-1.1
                    tags: [attack.t1059]
                    logsource: {product: windows, category: process_creation}
                    detection: {seen: {Marker: alpha}, condition: seen}
                    ---
                    title: Alpha or beta in the registry
                    id: 00000000-0000-4000-8000-000000000002
                    level: low
                    logsource: {category: registry_set}
                    detection: {seen: {Marker: [alpha, beta]}, condition: seen}
                    ---
                    title: Alpha again and again
                    id: 00000000-0000-4000-8000-000000000003
                    level: high
                    correlation:
                        type: event_count
                        rules: [00000000-0000-4000-8000-000000000001]
                        group-by: [Marker]
                        timespan: 1h
                        condition: {gte: 3}
                    """, FieldResolver.UNMAPPED), about -> new RuleOrigin("marsad", "", "", "Apache-2.0"));

    /** Lists of two tenants and of all. */
    static final TenantTables LISTS = lists();

    static final AuditSeal SEAL = seal();

    /** Audit streams, which may go to this machine. */
    static AuditStreams streams(Database database, InstantSource clock) {
        if (!(SSLSocketFactory.getDefault() instanceof SSLSocketFactory machine)) {
            throw new IllegalStateException("the JDK's default factory makes TLS sockets");
        }
        return new AuditStreams(database, new OutboundGuard(List.of("127.0.0.0/8", "::1")), machine, clock);
    }

    /** Those that are shipped, and those of the data folder. */
    static TenantTemplates templates(Path data) {
        return TenantTemplates.of(Path.of(System.getProperty("marsad.root", "."), "content"), data);
    }

    /** Keeps no checkpoint outside the database. */
    static final KeptNotes NO_NOTES = new KeptNotes() {
        @Override
        public @Nullable String read(TenantId tenant) {
            return null;
        }

        @Override
        public void keep(TenantId tenant, String note) {}
    };

    /** What a hunt runs. */
    static RuleMatcher rules(TenantId tenant, Hunt.Asked asked) {
        if (!List.of(TestNode.RULE).containsAll(asked.ruleIds())) {
            throw Problem.badRequest("unknown-rule", "There is no such rule.").asException();
        }
        var text = asked.ruleText();
        var rules = RuleSet.of("rule", text == null ? rule("any") : text, FieldResolver.UNMAPPED);
        if (rules.rules().isEmpty()) {
            throw Problem.badRequest("invalid-rule", "The text has no rule.").asException();
        }
        return rules.compile();
    }

    static String rule(String word) {
        return "title: About " + word + "\nlogsource: {category: process_creation}\ndetection: {seen: {Marker: " + word
                + "}, condition: seen}";
    }

    private static ShippedPacks packs() {
        try {
            return ShippedPacks.read(
                    Path.of(System.getProperty("marsad.root", ".")).resolve("content/osquery-packs"));
        } catch (IOException | ContentException e) {
            throw new IllegalStateException(e);
        }
    }

    private static AuditSeal seal() {
        try {
            return new AuditSeal(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TenantTables lists() {
        try {
            var own = ListTable.parse("own.csv", "host,owner\nalpha-host,own\n");
            var all = ListTable.parse("assets.csv", "key,owner\nalpha-host,all\n10.0.0.0/8,net\n");
            return new TenantTables(Map.of("assets", all), Map.of(new TenantId("list-tenant"), Map.of("own", own)));
        } catch (ContentException e) {
            throw new IllegalStateException(e);
        }
    }

    private TestContent() {}
}
