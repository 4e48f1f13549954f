package io.marsad.fleet.control;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.wire.AgentPackage;
import io.marsad.wire.CanonicalJson;
import io.marsad.wire.PolicyShare;
import io.marsad.wire.SignedAction;
import io.marsad.wire.SignedPolicy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The policies of groups of agents. A group that has none gets {@link DefaultPolicy} when it is first asked for. Thread-safe. */
public final class AgentPolicies {
    /** Who makes what no person has made. */
    private static final String PLATFORM = "system:agents";

    /** So long before its time is over one is given out again: what signs it may go on for less than a policy lives. */
    private static final Duration AHEAD = Duration.ofHours(12);

    private static final int LONGEST_NOTE = 500;
    private static final JsonMapper JSON = new JsonMapper();
    private static final String COLUMNS =
            "policy_id, endpoint_group, version, collectors, scripts, agent, share, note, made_by, made_at, envelope, good_until";

    private final Database database;
    private final Signing signing;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** Signs what is to be obeyed; in a transaction of the tenant. */
    @FunctionalInterface
    public interface Signing {
        Signed sign(Connection connection, TenantId tenant, SignedPolicy policy, Instant now) throws SQLException;
    }

    /** @param goodUntil until when its signature and its time both count */
    public record Signed(String envelope, Instant goodUntil) {}

    private record Kept(AgentPolicy policy, Instant goodUntil) {}

    private record Making(
            String group,
            long version,
            String collectors,
            String scripts,
            String agent,
            int share,
            String note,
            String by) {}

    /**
     * What somebody wants.
     *
     * @param scripts a list of name and text
     * @param agent SHA-256 of the packages that hosts are to run
     * @param share percent of the group's hosts, from 1
     */
    public record Wanted(
            String group,
            long base,
            JsonNode collectors,
            JsonNode scripts,
            List<String> agent,
            int share,
            String note) {
        public Wanted {
            agent = List.copyOf(agent);
        }
    }

    public AgentPolicies(Database database, Signing signing, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.signing = signing;
        this.clock = clock;
        this.random = random;
    }

    /** The versions of a group, or of each group the newest where none is named; the newest first. */
    public List<AgentPolicy> list(String group, int limit) {
        return database.inCallerTenant(connection -> {
            var sql = group.isEmpty()
                    ? "SELECT * FROM (SELECT DISTINCT ON (endpoint_group) " + COLUMNS
                            + " FROM agent_policies WHERE tenant_id = ? ORDER BY endpoint_group, version DESC) p"
                            + " WHERE ? = '' ORDER BY made_at DESC LIMIT ?"
                    : "SELECT " + COLUMNS + " FROM agent_policies WHERE tenant_id = ? AND endpoint_group = ?"
                            + " ORDER BY version DESC LIMIT ?";
            try (var select = connection.prepareStatement(sql)) {
                select.setString(1, CallerScope.tenant().value());
                select.setString(2, group);
                select.setInt(3, limit);
                return read(select).stream().map(Kept::policy).toList();
            }
        });
    }

    /** How far each of these has come, by id. */
    public Map<UUID, PolicyReach> reach(List<AgentPolicy> policies) {
        return database.inCallerTenant(connection -> PolicyReach.of(connection, CallerScope.tenant(), policies));
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public AgentPolicy find(UUID id) {
        return database.inCallerTenant(connection -> {
            try (var select = connection.prepareStatement(
                    "SELECT " + COLUMNS + " FROM agent_policies WHERE tenant_id = ? AND policy_id = ?")) {
                select.setString(1, CallerScope.tenant().value());
                select.setObject(2, id);
                return read(select).stream()
                        .findFirst()
                        .map(Kept::policy)
                        .orElseThrow(() -> Problem.notFound("There is no agent policy with this id.")
                                .asException());
            }
        });
    }

    /** The version of its group before it; null: there was none. */
    public @Nullable AgentPolicy before(AgentPolicy policy) {
        return database.<@Nullable AgentPolicy>inCallerTenant(connection -> {
            try (var select = connection.prepareStatement("SELECT " + COLUMNS + " FROM agent_policies"
                    + " WHERE tenant_id = ? AND endpoint_group = ? AND version = ?")) {
                select.setString(1, CallerScope.tenant().value());
                select.setString(2, policy.group());
                select.setLong(3, policy.version() - 1);
                return read(select).stream().findFirst().map(Kept::policy).orElse(null);
            }
        });
    }

    /**
     * Gives the next version of a group out; its agents take it within seconds.
     *
     * @param wanted of which {@code base} is the version that it was made from; 0: there was none
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-agent-policy}; 409 {@code agent-policy-changed}
     */
    public AgentPolicy create(Wanted wanted) {
        var caller = CallerScope.current();
        var now = Instant.ofEpochMilli(clock.millis());
        var group = wanted.group;
        requireSound(group, wanted.note, wanted.share);
        PolicyCheck.require(wanted.collectors, wanted.scripts);
        return database.inCallerTenant(connection -> {
            lock(connection, caller.tenant());
            var newest = newest(connection, caller.tenant(), group);
            long before = newest == null ? 0 : newest.policy.version();
            if (before != wanted.base) {
                throw Problem.conflict(
                                "agent-policy-changed",
                                "The newest version of this group is " + before + ", not " + wanted.base
                                        + ": look at what was changed, and begin with that.")
                        .asException();
            }
            var making = new Making(
                    group,
                    before + 1,
                    CanonicalJson.write(wanted.collectors),
                    CanonicalJson.write(hashed(wanted.scripts)),
                    CanonicalJson.write(packages(connection, caller.tenant(), wanted.agent)),
                    wanted.share,
                    wanted.note.strip(),
                    caller.subject());
            return put(connection, caller.tenant(), making, now);
        });
    }

    /**
     * What is in force in a group now: the default one where there was none, and given out again where its time is nearly
     * over. In a transaction of the tenant.
     */
    public AgentPolicy inForce(Connection connection, TenantId tenant, String group) throws SQLException {
        var now = Instant.ofEpochMilli(clock.millis());
        var newest = newest(connection, tenant, group);
        if (newest != null && newest.goodUntil.isAfter(now.plus(AHEAD))) {
            return newest.policy;
        }
        lock(connection, tenant);
        newest = newest(connection, tenant, group); // another may have done it meanwhile
        if (newest == null) {
            var made = new Making(
                    group,
                    1,
                    DefaultPolicy.COLLECTORS,
                    "[]",
                    "[]",
                    PolicyShare.ALL,
                    "what every group begins with",
                    PLATFORM);
            return put(connection, tenant, made, now);
        }
        if (newest.goodUntil.isAfter(now.plus(AHEAD))) {
            return newest.policy;
        }
        var again = new Making(
                group,
                newest.policy.version() + 1,
                newest.policy.collectors(),
                newest.policy.scripts(),
                newest.policy.agent(),
                newest.policy.share(),
                "the same, signed again",
                PLATFORM);
        return put(connection, tenant, again, now);
    }

    private static JsonNode packages(Connection connection, TenantId tenant, List<String> hashes) throws SQLException {
        var found = AgentPackages.named(connection, tenant, hashes);
        if (found.size() != hashes.size()) {
            throw unsound("Of the agent packages that are named some are not there: see /v1/agent-packages.");
        }
        if (found.stream().map(AgentPackage::platform).distinct().count() != found.size()) {
            throw unsound("A policy names one agent package for each platform.");
        }
        var all = JSON.createArrayNode();
        found.forEach(one -> all.addObject()
                .put("version", one.version())
                .put("platform", one.platform())
                .put("sha256", one.sha256())
                .put("size", one.size()));
        return all;
    }

    private static ProblemException unsound(String why) {
        return Problem.badRequest("invalid-agent-policy", why).asException();
    }

    private static JsonNode hashed(JsonNode scripts) {
        var all = JSON.createArrayNode();
        for (var one : scripts) {
            var text = one.path("text").asString("");
            all.addObject()
                    .put("name", one.path("name").asString("").strip())
                    .put("sha256", SignedAction.hash(text))
                    .put("text", text);
        }
        return all;
    }

    private static void requireSound(String group, String note, int share) {
        boolean sound = !group.isBlank()
                && group.length() <= 100
                && note.length() <= LONGEST_NOTE
                && share >= 1
                && share <= PolicyShare.ALL
                && (group + note).chars().noneMatch(Character::isISOControl);
        if (!sound) {
            throw unsound("A group has 1 to 100 printable characters, a note at most " + LONGEST_NOTE
                    + ", and a share is from 1 to 100 percent.");
        }
    }

    private static void lock(Connection connection, TenantId tenant) throws SQLException {
        try (var lock = connection.prepareStatement(
                "SELECT pg_advisory_xact_lock(hashtext('agent-policies')," + " hashtext(?))")) {
            lock.setString(1, tenant.value());
            lock.execute();
        }
    }

    private AgentPolicy put(Connection connection, TenantId tenant, Making making, Instant now) throws SQLException {
        var issued = now.truncatedTo(ChronoUnit.MILLIS);
        var until = issued.plus(io.marsad.wire.PolicyVerifier.LONGEST_LIFE);
        var content = JSON.createObjectNode();
        content.set("collectors", JSON.readTree(making.collectors));
        var scripts = JSON.readTree(making.scripts);
        if (!scripts.isEmpty()) { // agents that know none refuse what they do not know
            content.set("scripts", scripts);
        }
        var agent = JSON.readTree(making.agent);
        if (!agent.isEmpty()) {
            content.set(AgentPackage.FIELD, agent);
        }
        if (making.share < PolicyShare.ALL) {
            content.put(PolicyShare.FIELD, making.share);
        }
        var unsigned = new SignedPolicy(
                tenant.value(), making.group, making.version, CanonicalJson.write(content), making.by, issued, until);
        var signed = signing.sign(connection, tenant, unsigned, now);
        var id = EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong())
                .uuid();
        var made = new AgentPolicy(
                id,
                making.group,
                making.version,
                making.collectors,
                making.scripts,
                making.agent,
                making.share,
                making.note,
                making.by,
                now,
                signed.envelope);
        insert(connection, tenant, made, signed.goodUntil);
        var detail = AuditLog.detail(
                connection,
                "group",
                made.group(),
                "version",
                Long.toString(made.version()),
                "share",
                Integer.toString(made.share()),
                "sha256",
                unsigned.policyHash());
        AuditLog.append(
                connection,
                tenant,
                new AuditLog.Entry(now, making.by, "agent-policy.create", "agent-policy:" + id, detail));
        return made;
    }

    private static void insert(Connection connection, TenantId tenant, AgentPolicy made, Instant goodUntil)
            throws SQLException {
        try (var insert = connection.prepareStatement("INSERT INTO agent_policies (tenant_id, " + COLUMNS
                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, tenant.value());
            insert.setObject(2, made.id());
            insert.setString(3, made.group());
            insert.setLong(4, made.version());
            insert.setString(5, made.collectors());
            insert.setString(6, made.scripts());
            insert.setString(7, made.agent());
            insert.setInt(8, made.share());
            insert.setString(9, made.note());
            insert.setString(10, made.madeBy());
            insert.setTimestamp(11, Timestamp.from(made.madeAt()));
            insert.setString(12, made.envelope());
            insert.setTimestamp(13, Timestamp.from(goodUntil));
            insert.executeUpdate();
        }
    }

    private static @Nullable Kept newest(Connection connection, TenantId tenant, String group) throws SQLException {
        try (var select = connection.prepareStatement("SELECT " + COLUMNS + " FROM agent_policies WHERE tenant_id = ?"
                + " AND endpoint_group = ? ORDER BY version DESC LIMIT 1")) {
            select.setString(1, tenant.value());
            select.setString(2, group);
            return read(select).stream().findFirst().orElse(null);
        }
    }

    private static List<Kept> read(PreparedStatement select) throws SQLException {
        var all = new ArrayList<Kept>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                var policy = new AgentPolicy(
                        rows.getObject(1, UUID.class),
                        rows.getString(2),
                        rows.getLong(3),
                        rows.getString(4),
                        rows.getString(5),
                        rows.getString(6),
                        rows.getInt(7),
                        rows.getString(8),
                        rows.getString(9),
                        rows.getTimestamp(10).toInstant(),
                        rows.getString(11));
                all.add(new Kept(policy, rows.getTimestamp(12).toInstant()));
            }
        }
        return all;
    }
}
