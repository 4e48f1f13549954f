package io.marsad.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.RuleBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What rules with lists say for tenants that have lists of their own, and for all others. */
class TenantListsTest {
    private static final LogSource SOURCE = LogSource.of("windows", null, "security");
    private static final TenantId ALPHA = new TenantId("alpha");
    private static final TenantId BRAVO = new TenantId("bravo");
    private static final TenantId OTHERS = new TenantId("others");

    private static final String RULES = """
            title: Sign-in of an administrator
            id: 00000000-0000-4000-8000-000000000001
            name: admin_sign_in
            logsource: {product: windows, service: security}
            detection: {s: {User|expand: '%Admins%'}, condition: s}
            ---
            title: Jump host is used
            id: 00000000-0000-4000-8000-000000000002
            logsource: {product: windows, service: security}
            detection: {s: {Host|expand: '%Jumps%'}, condition: s}
            ---
            title: Anything of a service account
            id: 00000000-0000-4000-8000-000000000003
            logsource: {product: windows, service: security}
            detection: {s: {User|startswith: svc_}, condition: s}
            ---
            title: Known services
            logsource: {product: windows}
            filter:
                rules: [00000000-0000-4000-8000-000000000003]
                known: {User|expand: '%Services%'}
                condition: known
            ---
            title: No list at all
            id: 00000000-0000-4000-8000-000000000004
            logsource: {product: windows, service: security}
            detection: {s: {User: root}, condition: s}
            """;

    @TempDir
    private Path folder;

    private RuleMatcher matcher;

    @BeforeEach
    void load() throws IOException {
        matcher = rules(lists()).compile();
    }

    private static TenantLists lists() {
        var everybodys = new Placeholders(Map.of("Admins", List.of("admin", "root")));
        return new TenantLists(
                everybodys.assuming(),
                Map.of(
                        ALPHA,
                        new Placeholders(Map.of("Admins", List.of("alice"), "Services", List.of("svc_backup"))),
                        BRAVO,
                        new Placeholders(Map.of("Jumps", List.of("jump*1"), "Admins", List.of()))));
    }

    private RuleSet rules(TenantLists lists) throws IOException {
        Files.writeString(folder.resolve("rules.yml"), RULES);
        var rules = RuleSet.load(List.of(folder), FieldResolver.UNMAPPED, lists, RuleCache.none());
        assertThat(rules.refusals()).isEmpty();
        return rules;
    }

    private static EventBatch event(TenantId tenant, String user, String host) {
        var batch = new EventBatch(tenant);
        batch.beginRow(new EventId(1, 1), 0, 0, "test");
        batch.source(SOURCE);
        batch.add(Field.unmapped("User"), user);
        batch.add(Field.unmapped("Host"), host);
        batch.endRow();
        return batch;
    }

    private List<String> fired(TenantId tenant, String user, String host) {
        var batch = event(tenant, user, host);
        var collected = new Collected(matcher.rules());
        matcher.match(batch, 0, collected);
        var any = new Collected(matcher.rules());
        matcher.matchAnySource(batch, 0, any);
        assertThat(any.detected).isEqualTo(collected.detected);
        return collected.detected;
    }

    @Test
    void aTenantsListTakesThePlaceOfEverybodys() {
        assertThat(fired(OTHERS, "admin", "x")).containsExactly("Sign-in of an administrator");
        assertThat(fired(OTHERS, "alice", "x")).isEmpty();
        assertThat(fired(ALPHA, "ALICE", "x")).containsExactly("Sign-in of an administrator");
        assertThat(fired(ALPHA, "admin", "x")).isEmpty();
        assertThat(fired(OTHERS, "root", "x"))
                .containsExactlyInAnyOrder("Sign-in of an administrator", "No list at all");
        assertThat(fired(ALPHA, "root", "x")).containsExactly("No list at all");
    }

    @Test
    void anEmptyListOfATenantTakesTheRuleAway() {
        assertThat(fired(BRAVO, "admin", "x")).isEmpty();
        assertThat(fired(BRAVO, "alice", "x")).isEmpty();
        assertThat(fired(BRAVO, "root", "x")).containsExactly("No list at all");
    }

    @Test
    void aListThatOnlyOneTenantHasRunsTheRuleForThatOne() {
        assertThat(fired(BRAVO, "x", "JUMP*1")).containsExactly("Jump host is used");
        assertThat(fired(BRAVO, "x", "jump01")).as("values are no patterns").isEmpty();
        assertThat(fired(ALPHA, "x", "jump*1")).isEmpty();
        assertThat(fired(OTHERS, "x", "jump*1")).isEmpty();
    }

    @Test
    void filtersReadATenantsListsToo() {
        assertThat(fired(ALPHA, "svc_backup", "x")).isEmpty();
        assertThat(fired(ALPHA, "svc_other", "x")).containsExactly("Anything of a service account");
        assertThat(fired(OTHERS, "svc_backup", "x")).containsExactly("Anything of a service account");
        assertThat(fired(BRAVO, "svc_backup", "x")).containsExactly("Anything of a service account");
    }

    @Test
    void aCopySaysTheSame() {
        matcher = matcher.copy();
        aTenantsListTakesThePlaceOfEverybodys();
        filtersReadATenantsListsToo();
        assertThat(matcher.costs()).hasSize(4);
    }

    private static SigmaRule rule(RuleSet rules, String number) {
        return (SigmaRule) Objects.requireNonNull(rules.find("00000000-0000-4000-8000-00000000000" + number));
    }

    @Test
    void rulesSayForWhomTheyRead() throws IOException {
        var rules = rules(lists());
        var admin = rule(rules, "1");
        var jump = rule(rules, "2");
        assertThat(rules.reading(OTHERS, admin)).isEqualTo(admin);
        var alphas = Objects.requireNonNull(rules.reading(ALPHA, admin));
        assertThat(alphas.selections().toString()).contains("alice").doesNotContain("root");
        assertThat(rules.reading(BRAVO, admin)).isNull();
        assertThat(rules.reading(OTHERS, jump)).isNull();
        assertThat(rules.waiting()).isEmpty();
        assertThat(rules.running()).isEqualTo(4);

        var nobodys = rules(new TenantLists(lists().installation(), Map.of()));
        assertThat(nobodys.waiting()).extracting(SigmaRule::title).containsExactly("Jump host is used");
        assertThat(nobodys.running()).isEqualTo(3);
        assertThat(nobodys.reading(OTHERS, jump)).isNull();
        assertThat(rules.readsAlike(nobodys, admin, admin)).isFalse();
    }

    @Test
    void aCorrelationCountsWhatEachTenantsListSays() throws IOException {
        Files.writeString(folder.resolve("count.yml"), """
                title: Twice
                id: 00000000-0000-4000-8000-000000000009
                correlation:
                    type: event_count
                    rules: [admin_sign_in]
                    group-by: [Host]
                    timespan: 5m
                    condition: {gte: 1}
                """);
        matcher = rules(lists()).compile();
        var batch = new EventBatch(ALPHA);
        for (String user : List.of("admin", "alice")) {
            batch.beginRow(new EventId(1, batch.rows()), 0, 0, "test");
            batch.source(SOURCE);
            batch.add(Field.unmapped("User"), user);
            batch.add(Field.unmapped("Host"), user + "-host");
            batch.endRow();
        }
        var collected = new Collected(matcher.rules());
        matcher.match(batch, 0, collected);
        matcher.match(batch, 1, collected);
        assertThat(collected.correlated)
                .singleElement()
                .satisfies(match -> assertThat(match.group()).containsExactly("alice-host"));
    }

    @Test
    void budgetsReachWhatVaries() {
        var told = new java.util.ArrayList<String>();
        matcher.budget(new RuleBudget(1, true), over -> told.add(over.rule().title()));
        var batch = event(ALPHA, "alice", "x");
        for (int i = 0; i < 4000; i++) {
            matcher.match(batch, 0, new Collected());
        }
        assertThat(told).contains("Sign-in of an administrator");
        assertThat(matcher.quarantined()).extracting(SigmaRule::title).contains("Sign-in of an administrator");
        assertThat(fired(ALPHA, "alice", "x")).isEmpty();
        assertThat(fired(OTHERS, "admin", "x"))
                .as("another's values cost nothing")
                .isNotEmpty();
        matcher.quarantined().forEach(matcher::release);
        assertThat(fired(ALPHA, "alice", "x")).isNotEmpty();
    }
}
