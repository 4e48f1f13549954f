package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One tenant's people get nothing of another's, whatever they ask for: {@link Isolation}. */
class IsolationTest {
    private static Isolation isolation;

    @BeforeAll
    static void start() throws Exception {
        isolation = Isolation.on(TestNode.shared());
    }

    /** Columns in which nobody's words stand: of a fixed set, made by the platform, or of the rules that all have. */
    private static final Set<String> NO_WORDS = Set.of(
            // of a fixed set
            "action_approvals.person",
            "action_approvals.parameters_hash",
            "actions.about",
            "actions.action",
            "action_keys.key_id",
            "action_keys.public_key",
            "actions.consent",
            "actions.envelope_hash",
            "actions.envelope_key",
            "actions.verification",
            "approval_links.parameters_hash",
            "chat_codes.code_hash",
            "chat_requests.signature",
            "user_questions.answer",
            "connections.connector",
            "connections.state",
            "actions.parameters_hash",
            "actions.radius",
            "actions.requested_by",
            "actions.status",
            "actions.step",
            "playbook_runs.about",
            "playbook_runs.started_by",
            "playbook_runs.started_on",
            "playbook_runs.status",
            "playbook_runs.version",
            "playbook_steps.status",
            "playbook_steps.step",
            "playbook_versions.made_by",
            "playbook_versions.version",
            "playbooks.version",
            "response_policies.level",
            "response_policies.updated_by",
            "alert_entities.kind",
            "alert_bulk_items.status",
            "alert_bulk_items.verdict",
            "alert_history.action",
            "alerts.status",
            "alerts.verdict",
            "api_tokens.permissions",
            "endpoints.key_hash",
            "endpoints.kind",
            "endpoints.last_address",
            "endpoints.key_before",
            "endpoints.policy_refused",
            "endpoints.update_refused",
            "agent_policies.agent",
            "agent_packages.made_by",
            "agent_packages.platform",
            "agent_packages.sha256",
            "agent_packages.version",
            "agent_package_blocks.data",
            "agent_policies.envelope",
            "endpoint_actions.envelope",
            "endpoint_actions.proof_hash",
            "endpoint_actions.state",
            "agent_policies.made_by",
            "osquery_packs.made_by",
            "osquery_assignments.made_by",
            "authorities.authority_id",
            "authorities.certificate",
            "key_lists.authority_id",
            "key_lists.envelope",
            "key_lists.keys_hash",
            "enroll_secrets.purpose",
            "enroll_secrets.created_by",
            "enroll_secrets.secret_hash",
            "carves.secret_hash",
            "carves.sha256",
            "carves.state",
            "carve_blocks.data",
            "case_acts.act",
            "case_acts.kind",
            "case_clocks.kind",
            "case_evidence.action",
            "case_history.action",
            "case_observables.kind",
            "case_targets.kind",
            "inbox.about",
            "inbox.kind",
            "cases.status",
            "audit_log.action",
            "delegations.role",
            "dead_letters.format",
            "dead_letters.state",
            "decision_overrides.decision",
            "decision_overrides.verdict",
            "decisions.decision",
            "decisions.effect",
            "decisions.review_reason",
            "decisions.rule_triggered",
            "hunt_hits.level",
            "model_calls.outcome",
            "model_calls.prompt_version",
            "model_settings.provider",
            "rule_outcomes.auto_decision",
            "rule_outcomes.disposition",
            "rule_outcomes.human_override",
            "hunts.state",
            "live_events.kind",
            "live_queries.created_by",
            "live_query_hosts.state",
            "indicators.tlp",
            "indicators.type",
            "indicators.warning",
            "intel_answers.source",
            "intel_feeds.format",
            "intel_feeds.tlp",
            "intel_sources.source",
            "outbox.queue",
            "notification_channels.kind",
            "notifications.state",
            "context_facts.kind",
            "context_facts.entity_kind",
            "context_facts.owner",
            "risk_contributions.kind",
            "risk_entities.kind",
            "risk_promotions.kind",
            "rule_stages.stage",
            "tuning_acts.act",
            "tuning_acts.lane",
            "tuning_acts.stage_before",
            "tuning_acts.undone_by_name",
            "roles.permissions",
            "saved_views.display",
            "saved_views.last",
            "passkeys.transports",
            "sessions.method",
            "schedule_runs.state",
            "schedules.alert_level",
            "schedules.cron",
            "schedules.time_zone",
            "search_history.outcome",
            "source_counters.format",
            "tenants.state",
            // hashes, ids and addresses
            "alert_bulks.actor",
            "alerts.fingerprint",
            "decision_overrides.actor",
            "decision_settings.made_by",
            "decisions.measures",
            "model_calls.prompt_hash",
            "rule_outcomes.rule_version",
            "submitted_alerts.body_hash",
            "submitted_alerts.received_by",
            "alerts.rule_revision",
            "api_tokens.created_by",
            "api_tokens.previous_hash",
            "api_tokens.secret_hash",
            "case_evidence.actor",
            "case_evidence.hash",
            "case_evidence.prev_hash",
            "case_evidence_heads.hash",
            "audit_checkpoints.note",
            "audit_heads.hash",
            "audit_log.actor",
            "audit_log.address",
            "audit_log.hash",
            "audit_log.object",
            "audit_log.prev_hash",
            "delegations.created_by",
            "hunts.created_by",
            "passkey_handles.user_handle",
            "passkeys.credential_id",
            "passkeys.public_key",
            "recovery_codes.code_hash",
            "provider_sign_ins.address",
            "provider_sign_ins.browser_hash",
            "provider_sign_ins.nonce",
            "provider_sign_ins.redirect_uri",
            "provider_sign_ins.state_hash",
            "provider_sign_ins.verifier",
            "rule_snapshots.revision",
            "saved_views.owner",
            "suppressions.owner",
            "schedules.owner",
            "search_history.owner",
            "sessions.address",
            "sessions.secret_hash",
            "users.password_hash",
            "vault_data_keys.master_key",
            "vault_data_keys.wrapped",
            "vault_secrets.kind",
            "vault_secrets.sealed",
            // of the rules and mappings that all tenants have, and of what went wrong with them
            "alerts.attack",
            "cases.attack",
            "alerts.log_source",
            "hunt_hits.rule_id",
            "hunts.note",
            "hunts.rule_ids",
            "saved_views.rule_id",
            "schedule_runs.error",
            "schedules.rule_id",
            "search_history.rule_id",
            "source_counters.log_sources",
            // at a provider only, which the first tenant is not
            "sessions.acting_name",
            "sessions.acting_tenant");

    @Test
    void everyTextOfEveryTableHasACanary() {
        var without = Rows.without(isolation.node().database, isolation.victim(), Isolation.CANARY);
        assertThat(without)
                .as("columns of texts in which the first tenant has no canary: say in Belongings how to put it there")
                .isSubsetOf(NO_WORDS);
    }

    @Test
    void nothingOfTheOtherTenantComesBack() throws Exception {
        assertThat(isolation.assertNothingComesBack()).isGreaterThan(4_000);
    }

    @Test
    void whatThePlatformDoesByItselfFindsNothing() throws Exception {
        isolation.assertJobsFindNothing();
    }

    @Test
    void theLiveStreamTellsOfTheOwnTenantOnly() throws Exception {
        isolation.assertLiveTellsOfTheOwnOnly();
    }
}
