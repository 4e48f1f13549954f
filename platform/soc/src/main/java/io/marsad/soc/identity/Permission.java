package io.marsad.soc.identity;

import java.util.Set;

/** The permissions that there are, {@code resource:action}, as the API contract names them. */
public final class Permission {
    public static final String INGEST_WRITE = "ingest:write";
    public static final String EVENTS_READ = "events:read";
    public static final String ALERTS_READ = "alerts:read";
    public static final String ALERTS_WRITE = "alerts:write";
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
    /** Reads, exports and checks what was done by whom. */
    public static final String AUDIT_READ = "audit:read";

    public static final String METRICS_READ = "metrics:read";
    public static final String RULES_RELOAD = "rules:reload";

    /** All of them. */
    public static final Set<String> ALL = Set.of(
            INGEST_WRITE,
            EVENTS_READ,
            ALERTS_READ,
            ALERTS_WRITE,
            SEARCHES_WRITE,
            SEARCHES_MANAGE,
            HUNTS_WRITE,
            SOURCES_READ,
            SOURCES_WRITE,
            TOKENS_READ,
            TOKENS_WRITE,
            AUDIT_READ,
            METRICS_READ,
            RULES_RELOAD);

    private Permission() {}
}
