package io.marsad.soc.identity;

import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.tenant.Caller;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The permissions that there are, {@code resource:action}, as the API contract names them. */
public final class Permission {
    public static final String INGEST_WRITE = "ingest:write";
    public static final String EVENTS_READ = "events:read";
    public static final String ALERTS_READ = "alerts:read";
    public static final String ALERTS_WRITE = "alerts:write";
    public static final String CASES_READ = "cases:read";
    /** Works on cases: their state, who has them, which alerts are in them, their evidence. */
    public static final String CASES_WRITE = "cases:write";
    /** Says until when cases have to be worked on. */
    public static final String CASES_CONFIGURE = "cases:configure";
    /** Sees hosts that report, and by which secrets they were let in; never a secret. */
    public static final String ENDPOINTS_READ = "endpoints:read";
    /** Lets hosts in and revokes them. */
    public static final String ENDPOINTS_MANAGE = "endpoints:manage";
    /** Puts queries to hosts, and reads what they answer. */
    public static final String ENDPOINTS_QUERY = "endpoints:query";
    /** Says what is not to become an alert. */
    public static final String SUPPRESSIONS_WRITE = "suppressions:write";
    /** Reads how much speaks against entities, and by which alerts. */
    public static final String RISK_READ = "risk:read";
    /** Reads what was decided about alerts, and by what. */
    public static final String DECISIONS_READ = "decisions:read";
    /** Says by what is decided, and takes the kill switch back. */
    public static final String DECISIONS_WRITE = "decisions:write";
    /** Says that something else was right, and throws the kill switch. */
    public static final String DECISIONS_OVERRIDE = "decisions:override";
    /** Says what is known of entities, by which alerts weigh more or less. */
    public static final String CONTEXT_WRITE = "context:write";
    /** Asks intelligence, and sees which indicators are listed. */
    public static final String INTEL_READ = "intel:read";
    /** Says which indicators are listed, and who is asked. */
    public static final String INTEL_WRITE = "intel:write";
    /** Sees where people are told of escalated alerts. */
    public static final String NOTIFICATIONS_READ = "notifications:read";
    /** Says where people are told of escalated alerts. */
    public static final String NOTIFICATIONS_WRITE = "notifications:write";
    /** Sees which model is asked, and what it was asked. */
    public static final String MODELS_READ = "models:read";
    /** Says which model is asked, and how much. */
    public static final String MODELS_WRITE = "models:write";
    /** Sees playbooks and what became of their runs. */
    public static final String PLAYBOOKS_READ = "playbooks:read";
    /** Makes playbooks, changes them, and says which run by themselves. */
    public static final String PLAYBOOKS_WRITE = "playbooks:write";
    /** Begins, tries, cancels and repeats runs, and does the tasks that they give to people. */
    public static final String PLAYBOOKS_RUN = "playbooks:run";
    /** Sees which actions were asked for, who agreed, and what came of them. */
    public static final String ACTIONS_READ = "actions:read";
    /** Says how much is done without asking. */
    public static final String ACTIONS_CONFIGURE = "actions:configure";
    /** Asks for actions that contain, and agrees to them. */
    public static final String ACTIONS_CONTAIN = "actions:contain";
    /** Asks for actions that look, and agrees to them. */
    public static final String ACTIONS_INVESTIGATE = "actions:investigate";
    /** Asks for actions on indicators, and agrees to them. */
    public static final String ACTIONS_INTEL = "actions:intel";
    /** Asks for actions on cases and alerts, and agrees to them. */
    public static final String ACTIONS_CASES = "actions:cases";
    /** Asks for actions that tell people something, and agrees to them. */
    public static final String ACTIONS_NOTIFY = "actions:notify";
    /** Sees which other products are connected; never a secret. */
    public static final String CONNECTORS_READ = "connectors:read";
    /** Connects other products, and calls them by hand. */
    public static final String CONNECTORS_WRITE = "connectors:write";
    /** Saves views and schedules of one's own, and shares them. */
    public static final String SEARCHES_WRITE = "searches:write";
    /** Changes what others share. */
    public static final String SEARCHES_MANAGE = "searches:manage";

    /** Asks rules of the past. */
    public static final String HUNTS_WRITE = "hunts:write";

    public static final String SOURCES_READ = "sources:read";
    public static final String SOURCES_WRITE = "sources:write";
    public static final String TOKENS_READ = "tokens:read";
    public static final String TOKENS_WRITE = "tokens:write";
    public static final String USERS_READ = "users:read";
    /** Makes and changes users and roles, as far as one's own permissions go. */
    public static final String USERS_WRITE = "users:write";

    /** Reads which providers people sign in with. */
    public static final String PROVIDERS_READ = "providers:read";
    /** Says who is believed about people, and which roles that gives them. */
    public static final String PROVIDERS_WRITE = "providers:write";

    /** Reads, exports and checks what was done by whom. */
    public static final String AUDIT_READ = "audit:read";
    /** Says where the audit log goes besides. */
    public static final String AUDIT_WRITE = "audit:write";

    public static final String METRICS_READ = "metrics:read";
    public static final String RULES_RELOAD = "rules:reload";

    /** Reads who the installation's tenants are. */
    public static final String TENANTS_READ = "tenants:read";
    /** Makes, limits, suspends and deletes tenants. */
    public static final String TENANTS_WRITE = "tenants:write";

    /** Sees which keys secrets are encrypted by, and whether all open; never a secret. */
    public static final String VAULT_READ = "vault:read";
    /** Gives secrets new keys. */
    public static final String VAULT_WRITE = "vault:write";

    /** Those about the installation itself: of use to people of its own tenant only. */
    public static final Set<String> OF_INSTALLATION =
            Set.of(METRICS_READ, RULES_RELOAD, TENANTS_READ, TENANTS_WRITE, VAULT_READ, VAULT_WRITE);

    /** All of them. */
    public static final Set<String> ALL = Set.of(
            INGEST_WRITE,
            EVENTS_READ,
            ALERTS_READ,
            ALERTS_WRITE,
            CASES_READ,
            CASES_WRITE,
            CASES_CONFIGURE,
            ENDPOINTS_READ,
            ENDPOINTS_MANAGE,
            ENDPOINTS_QUERY,
            SUPPRESSIONS_WRITE,
            RISK_READ,
            DECISIONS_READ,
            DECISIONS_WRITE,
            DECISIONS_OVERRIDE,
            CONTEXT_WRITE,
            INTEL_READ,
            INTEL_WRITE,
            NOTIFICATIONS_READ,
            NOTIFICATIONS_WRITE,
            MODELS_READ,
            MODELS_WRITE,
            PLAYBOOKS_READ,
            PLAYBOOKS_WRITE,
            PLAYBOOKS_RUN,
            ACTIONS_READ,
            ACTIONS_CONFIGURE,
            ACTIONS_CONTAIN,
            ACTIONS_INVESTIGATE,
            ACTIONS_INTEL,
            ACTIONS_CASES,
            ACTIONS_NOTIFY,
            CONNECTORS_READ,
            CONNECTORS_WRITE,
            SEARCHES_WRITE,
            SEARCHES_MANAGE,
            HUNTS_WRITE,
            SOURCES_READ,
            SOURCES_WRITE,
            TOKENS_READ,
            TOKENS_WRITE,
            USERS_READ,
            USERS_WRITE,
            PROVIDERS_READ,
            PROVIDERS_WRITE,
            AUDIT_READ,
            AUDIT_WRITE,
            METRICS_READ,
            RULES_RELOAD,
            TENANTS_READ,
            TENANTS_WRITE,
            VAULT_READ,
            VAULT_WRITE);

    private Permission() {}

    /** The first of them, by name, that the caller may not; null when the caller may all. */
    static @Nullable String beyond(Collection<String> permissions, Caller caller) {
        return permissions.stream()
                .filter(permission -> !caller.may(permission))
                .sorted()
                .findFirst()
                .orElse(null);
    }

    /** What is wrong with the first that is none; null when all are known. */
    public static @Nullable String fault(Set<String> permissions) {
        return permissions.stream()
                .filter(permission -> !ALL.contains(permission))
                .findFirst()
                .map(wrong -> "There is no permission '" + (wrong.length() > 64 ? wrong.substring(0, 64) : wrong) + "'"
                        + Suggestion.among(wrong, ALL.stream().sorted().toArray(String[]::new)) + ".")
                .orElse(null);
    }
}
