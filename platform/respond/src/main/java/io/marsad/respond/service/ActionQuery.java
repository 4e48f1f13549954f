package io.marsad.respond.service;

import io.marsad.kernel.tenant.Caller;
import io.marsad.respond.action.ActionKind;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.durable.Turn;
import io.marsad.respond.service.ActionView.Approval;
import io.marsad.respond.service.ActionView.Carried;
import io.marsad.respond.service.ActionView.May;
import io.marsad.respond.service.ActionView.Task;
import io.marsad.respond.service.ActionView.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Actions as whoever asks sees them, out of the tables. */
final class ActionQuery {
    static final String TASK = "task";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String ABOUT = "coalesce(r.about, a.about)";

    /** Behind a run stands whoever began the first of those that called one another. */
    private static final String ROOT = "CASE WHEN a.status = 'awaiting_approval' AND a.run_id IS NOT NULL THEN ("
            + "WITH RECURSIVE up AS (SELECT u.started_by, u.parent_run FROM playbook_runs u"
            + " WHERE u.tenant_id = a.tenant_id AND u.run_id = a.run_id UNION ALL"
            + " SELECT u.started_by, u.parent_run FROM playbook_runs u JOIN up ON u.tenant_id = a.tenant_id"
            + " AND u.run_id = up.parent_run) SELECT started_by FROM up WHERE parent_run IS NULL) END";

    private static final String SELECT = "SELECT a.*, p.playbook_id AS of_playbook, p.name AS playbook_name,"
            + " r.version AS of_version, " + ABOUT + " AS about_what, " + Sql.titleOf(ABOUT, "a.tenant_id")
            + " AS about_title, " + ROOT + " AS root,"
            + " (SELECT x.action_id FROM actions x WHERE x.tenant_id = a.tenant_id AND x.reverses = a.action_id"
            + " AND x.status NOT IN ('failed', 'refused', 'expired', 'withdrawn') LIMIT 1) AS reversed_by,"
            + " (SELECT json_agg(json_build_object('person', v.person, 'agrees', v.agrees, 'comment', v.comment,"
            + " 'at', v.at) ORDER BY v.at, v.person) FROM action_approvals v WHERE v.tenant_id = a.tenant_id"
            + " AND v.action_id = a.action_id) AS said"
            + " FROM actions a LEFT JOIN playbook_runs r ON r.tenant_id = a.tenant_id AND r.run_id = a.run_id"
            + " LEFT JOIN playbooks p ON p.tenant_id = r.tenant_id AND p.playbook_id = r.playbook_id"
            + " WHERE a.tenant_id = ?";

    private final Catalogue catalogue;
    private final PlaybookTexts texts;

    ActionQuery(Catalogue catalogue, PlaybookTexts texts) {
        this.catalogue = catalogue;
        this.texts = texts;
    }

    /** A row as it is read, before names are known. */
    private record Raw(
            ActionView view,
            PlaybookTexts.@Nullable Version version,
            @Nullable String root) {}

    List<ActionView> page(Turn turn, Caller caller, ActionView.Filter filter, @Nullable String cursor, int limit)
            throws SQLException {
        var sql = new Sql("").add(SELECT, turn.tenant().value());
        sql.and("a.status = ?", filter.status())
                .and("a.action = ?", filter.action())
                .and("a.run_id = ?", filter.run())
                .and("a.target = ?", filter.target())
                .and("a.requested_at >= ?", filter.since());
        var after = cursor == null ? null : Cursor.parse(cursor);
        if (filter.waiting()) {
            sql.add(" AND a.status IN ('awaiting_approval', 'unknown')");
            if (after != null) {
                sql.add(" AND (a.requested_at, a.action_id) > (?, ?)", after.at(), after.id());
            }
            sql.add(" ORDER BY a.requested_at, a.action_id LIMIT ?", limit);
        } else {
            if (after != null) {
                sql.add(
                        " AND a.requested_at <= ? AND (a.requested_at < ? OR a.action_id > ?)",
                        after.at(),
                        after.at(),
                        after.id());
            }
            sql.add(" ORDER BY a.requested_at DESC, a.action_id LIMIT ?", limit);
        }
        return named(turn, caller, sql.list(turn.connection(), this::read));
    }

    @Nullable
    ActionView find(Turn turn, Caller caller, UUID action) throws SQLException {
        var found = new Sql("")
                .add(SELECT, turn.tenant().value())
                .add(" AND a.action_id = ?", action)
                .list(turn.connection(), this::read);
        return found.isEmpty() ? null : named(turn, caller, found).getFirst();
    }

    private Raw read(ResultSet row) throws SQLException {
        var action = row.getString("action");
        var kind = catalogue.find(action).orElse(null);
        var parameters = MAPPER.readTree(row.getString("parameters"));
        var playbook = row.getObject("of_playbook", UUID.class);
        var outcome = row.getString("outcome");
        var outputs = outcome == null ? null : MAPPER.readTree(outcome).get("outputs");
        var view = new ActionView(
                row.getObject("action_id", UUID.class),
                row.getObject("run_id", UUID.class),
                playbook,
                row.getString("playbook_name"),
                row.getString("step"),
                null,
                row.getObject("visit", Integer.class),
                row.getObject("attempt", Integer.class),
                action,
                kind == null ? action.equals(TASK) ? "Do by hand" : action : kind.title(),
                row.getString("about_what"),
                row.getString("about_title"),
                parameters,
                row.getString("parameters_hash"),
                row.getString("target"),
                row.getString("radius"),
                row.getString("consent"),
                permission(kind),
                List.of((String[]) row.getArray("reasons").getArray()),
                row.getString("status"),
                row.getString("reason"),
                row.getString("requested_by"),
                new Times(
                        Objects.requireNonNull(Sql.time(row, "requested_at")),
                        Sql.time(row, "expires_at"),
                        Sql.time(row, "dispatched_at"),
                        Sql.time(row, "ended_at")),
                outputs != null && outputs.isObject() ? outputs : null,
                new Carried(
                        row.getString("carried_by"),
                        row.getString("verification"),
                        row.getString("verification_detail"),
                        Sql.time(row, "verified_at"),
                        row.getString("envelope_key"),
                        row.getString("envelope_hash")),
                kind == null ? null : kind.reverse(),
                row.getObject("reverses", UUID.class),
                row.getObject("reversed_by", UUID.class),
                approvals(row.getString("said")),
                action.equals(TASK) ? task(parameters) : null,
                new May(false, false, false, false),
                null);
        var version = playbook == null ? null : new PlaybookTexts.Version(playbook, row.getString("of_version"));
        return new Raw(view, version, row.getString("root"));
    }

    /** What has to be had to agree to it. */
    static String permission(@Nullable ActionKind kind) {
        return kind == null ? "playbooks:run" : "actions:" + kind.permission();
    }

    private static List<Approval> approvals(@Nullable String json) {
        var all = new ArrayList<Approval>();
        if (json != null) {
            for (var one : MAPPER.readTree(json)) {
                all.add(new Approval(
                        one.path("person").asString(""),
                        one.path("agrees").booleanValue(),
                        one.path("comment").asString(null),
                        OffsetDateTime.parse(one.path("at").asString("")).toInstant()));
            }
        }
        return all;
    }

    private static Task task(JsonNode parameters) {
        var names = new ArrayList<String>();
        parameters.path("asks_for").forEach(name -> names.add(name.asString("")));
        return new Task(parameters.path("text").asString(""), names);
    }

    private List<ActionView> named(Turn turn, Caller caller, List<Raw> rows) throws SQLException {
        var versions = new HashSet<PlaybookTexts.Version>();
        var subjects = new ArrayList<@Nullable String>();
        for (var row : rows) {
            if (row.version != null) {
                versions.add(row.version);
            }
            subjects.add(row.view.requestedBy());
            subjects.add(row.view.reason());
            row.view.approvals().forEach(one -> subjects.add(one.person()));
        }
        var read = texts.load(turn, versions);
        var names = Names.of(turn, subjects);
        return rows.stream()
                .map(row -> {
                    var text = row.version == null ? null : read.get(row.version);
                    var playbook = text == null ? null : text.reading().playbook();
                    var step = playbook == null ? null : playbook.workflow().get(String.valueOf(row.view.step()));
                    return seen(turn, caller, row, step == null ? null : step.title(), names);
                })
                .toList();
    }

    private ActionView seen(Turn turn, Caller caller, Raw row, @Nullable String stepName, Names names) {
        var of = row.view;
        var requester = row.root == null ? of.requestedBy() : row.root;
        var whyNot = whyNot(caller, of, requester, turn.now());
        boolean waits = of.status().equals("awaiting_approval") && !of.action().equals(TASK);
        boolean permitted = caller.may(of.permission());
        boolean open = waits && !isExpired(of, turn.now());
        boolean answers = of.status().equals("unknown")
                || of.status().equals("awaiting_approval") && of.action().equals(TASK);
        var reverse = of.reverse() == null ? null : catalogue.find(of.reverse()).orElse(null);
        boolean back = of.status().equals("completed")
                && reverse != null
                && of.reversedBy() == null
                && caller.may(permission(reverse));
        return new ActionView(
                of.id(),
                of.run(),
                of.playbook(),
                of.playbookName(),
                of.step(),
                stepName,
                of.visit(),
                of.attempt(),
                of.action(),
                of.title(),
                of.about(),
                of.aboutTitle(),
                of.parameters(),
                of.hash(),
                of.target(),
                of.radius(),
                of.consent(),
                of.permission(),
                of.reasons(),
                of.status(),
                names.orNull(of.reason()),
                names.in(of.requestedBy()),
                of.times(),
                of.outputs(),
                of.carried(),
                of.reverse(),
                of.reverses(),
                of.reversedBy(),
                of.approvals().stream()
                        .map(one -> new Approval(names.in(one.person()), one.agrees(), one.comment(), one.at()))
                        .toList(),
                of.task(),
                new May(open && whyNot == null, open && permitted, answers && permitted, back),
                whyNot);
    }

    private static boolean isExpired(ActionView of, Instant now) {
        var expires = of.times().expires();
        return expires != null && !now.isBefore(expires);
    }

    private static @Nullable String whyNot(Caller caller, ActionView of, String requester, Instant now) {
        boolean waits = of.status().equals("awaiting_approval") || of.status().equals("unknown");
        if (!waits) {
            return null;
        }
        if (!caller.may(of.permission())) {
            return "It needs the permission " + of.permission() + ".";
        }
        if (of.status().equals("unknown") || of.action().equals(TASK)) {
            return null;
        }
        if (isExpired(of, now)) {
            return "The time to agree is over.";
        }
        if (requester.equals(caller.subject())) {
            return "Whoever asked for it cannot agree to it.";
        }
        return of.approvals().stream().anyMatch(one -> one.person().equals(caller.subject()))
                ? "You have agreed already; one more person has to."
                : null;
    }
}
