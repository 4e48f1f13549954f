package io.marsad.respond.cacao;

import io.marsad.db.Cron;
import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.respond.variable.Template;
import io.marsad.respond.variable.Variable;
import io.marsad.respond.variable.VariableType;
import io.marsad.soc.suppression.Conditions;
import io.marsad.wire.SignedAction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what is to be run out of a document, and says everything that is wrong with it. Thread-safe. */
public final class PlaybookReader {
    private static final Set<String> PROPERTIES = Set.of(
            "type",
            "spec_version",
            "id",
            "name",
            "description",
            "playbook_types",
            "playbook_activities",
            "playbook_processing_summary",
            "created_by",
            "created",
            "modified",
            "revoked",
            "valid_from",
            "valid_until",
            "derived_from",
            "related_to",
            "priority",
            "severity",
            "impact",
            "industry_sectors",
            "labels",
            "external_references",
            "markings",
            "playbook_variables",
            "workflow_start",
            "workflow_exception",
            "workflow",
            "playbook_extensions",
            "authentication_info_definitions",
            "agent_definitions",
            "target_definitions",
            "extension_definitions",
            "data_marking_definitions",
            "signatures");
    private static final Set<String> TYPES = Set.of(
            "attack",
            "detection",
            "engagement",
            "investigation",
            "mitigation",
            "notification",
            "prevention",
            "remediation");
    private static final Set<String> AGENT_TYPES = Set.of(
            "group",
            "individual",
            "organization",
            "location",
            "sector",
            "security-category",
            "net-address",
            "http-api",
            "ssh",
            "linux");

    private static final Conditions UNREAD = text -> Predicate.EVERYTHING;

    private final ActionCheck actions;
    private final Conditions conditions;

    /** One that does not read what triggers ask for. */
    public PlaybookReader(ActionCheck actions) {
        this(actions, UNREAD);
    }

    /** @param conditions reads {@code when} of triggers */
    public PlaybookReader(ActionCheck actions, Conditions conditions) {
        this.actions = actions;
        this.conditions = conditions;
    }

    /**
     * What was read.
     *
     * @param playbook null when it cannot be run
     * @param findings in the order of lines
     */
    public record Reading(PlaybookText text, @Nullable Playbook playbook, List<Finding> findings) {
        public Reading {
            findings = List.copyOf(findings);
        }

        /** SHA-256 of the canonical document: what a version is known by. */
        public String hash() {
            return SignedAction.hash(text.canonical());
        }

        public List<Finding> errors() {
            return findings.stream()
                    .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                    .toList();
        }
    }

    /**
     * @param file for messages
     * @throws ContentException when it is no document at all, with the line
     */
    public Reading read(String file, String text) throws ContentException {
        return read(file, PlaybookText.read(file, text));
    }

    public Reading read(String file, PlaybookText text) {
        var findings = new Findings(file);
        var playbook = playbook(new Fields("a playbook", text.document(), findings), findings);
        PlaybookLint.check(playbook, actions, findings);
        return new Reading(text, findings.hasErrors() ? null : playbook, findings.sorted());
    }

    private Playbook playbook(Fields fields, Findings findings) {
        fields.allowOnly(PROPERTIES);
        if (!"playbook".equals(fields.required("type"))) {
            fields.error("type", "'type' has to be playbook");
        }
        var version = fields.required("spec_version");
        if (!version.isEmpty() && !"cacao-2.0".equals(version)) {
            fields.error("spec_version", "only cacao-2.0 is read, not " + version);
        }
        fields.requiredIdentifier("created_by", "identity");
        if (fields.timestamp("created") == null && !fields.has("created")) {
            fields.error("created", "a playbook has no 'created'");
        }
        var modified = fields.timestamp("modified");
        if (modified == null && !fields.has("modified")) {
            fields.error("modified", "a playbook has no 'modified'");
        }
        fields.texts("playbook_types").stream()
                .filter(type -> !TYPES.contains(type))
                .forEach(type -> fields.warning("playbook_types", "'" + type + "' is none of CACAO's playbook types"));
        fields.timestamp("valid_from");
        for (var number : List.of("priority", "severity", "impact")) {
            fields.whole(number, 0, 100);
        }
        secrets(fields);
        return new Playbook(
                fields.requiredIdentifier("id", "playbook"),
                fields.required("name"),
                fields.text("description"),
                modified == null ? java.time.Instant.EPOCH : modified,
                fields.timestamp("valid_until"),
                fields.flag("revoked"),
                fields.requiredIdentifier("workflow_start", "start"),
                fields.identifier("workflow_exception"),
                workflow(fields, findings),
                variables(fields, "playbook_variables", true),
                agents(fields),
                triggers(fields));
    }

    private Map<String, Step> workflow(Fields fields, Findings findings) {
        if (!fields.has("workflow")) {
            fields.error("workflow", "a playbook has no 'workflow'");
        }
        Map<String, Step> steps = new LinkedHashMap<>();
        for (var entry : fields.entries("workflow")) {
            var step = StepReader.read(entry.key(), new Fields("a step", entry.value(), findings), actions);
            if (step != null) {
                steps.put(entry.key(), step);
            }
        }
        return steps;
    }

    static Map<String, Variable> variables(Fields fields, String key, boolean ofPlaybook) {
        Map<String, Variable> variables = new LinkedHashMap<>();
        for (var entry : fields.entries(key)) {
            var of = new Fields("a variable", entry.value(), fields.findings());
            of.allowOnly(Set.of("type", "description", "value", "constant", "external"));
            if (!Template.isName(entry.key())) {
                fields.findings()
                        .error(
                                entry.line(),
                                "'" + entry.key() + "' cannot name a variable: __letters_and_digits__ can");
            }
            var word = of.required("type");
            var type = VariableType.of(word);
            if (type.isEmpty() && !word.isEmpty()) {
                of.error("type", "'" + word + "' is no type of variables: " + String.join(", ", VariableType.words()));
            }
            if (of.flag("external") && !ofPlaybook) {
                of.warning("external", "only a variable of the playbook can be external");
            }
            variables.put(
                    entry.key(),
                    new Variable(
                            entry.key(),
                            type.orElse(VariableType.STRING),
                            of.text("description"),
                            value(of, type.orElse(VariableType.STRING)),
                            of.flag("constant"),
                            of.flag("external")));
        }
        return variables;
    }

    private static @Nullable String value(Fields variable, VariableType type) {
        var node = variable.node("value");
        String value = switch (node) {
            case null -> null;
            case YamlNode.Scalar scalar when scalar.isNull() -> null;
            case YamlNode.Scalar scalar -> scalar.text();
            case YamlNode.Mapping mapping -> PlaybookText.tree(mapping).toString();
            case YamlNode.Sequence sequence -> PlaybookText.tree(sequence).toString();
        };
        if (node instanceof YamlNode.Scalar scalar
                && scalar.kind() != YamlNode.Kind.TEXT
                && scalar.kind() != YamlNode.Kind.NULL) {
            variable.error("value", "values are texts: \"" + scalar.text() + "\"");
        }
        if (value != null && value.length() > Variable.MOST_VALUE) {
            variable.error("value", "longer than " + Variable.MOST_VALUE + " characters");
        } else if (value != null && !type.takes(value)) {
            variable.error(
                    "value",
                    "a variable of type " + type + " holds " + type.expected() + ", not '"
                            + value.substring(0, Math.min(100, value.length())) + "'");
        }
        return value;
    }

    private static Map<String, AgentTarget> agents(Fields fields) {
        Map<String, AgentTarget> agents = new LinkedHashMap<>();
        var keys = List.of("agent_definitions", "target_definitions");
        for (var key : keys) {
            for (var entry : fields.entries(key)) {
                var of = new Fields("an agent or target", entry.value(), fields.findings());
                var type = of.required("type");
                if (!type.isEmpty() && !AGENT_TYPES.contains(type)) {
                    of.warning("type", "'" + type + "' is none of CACAO's agent and target types");
                }
                if (Fields.typeOf(entry.key()) == null) {
                    fields.findings().error(entry.line(), "'" + entry.key() + "' is no identifier");
                }
                Map<String, List<String>> address = new LinkedHashMap<>();
                for (var kind : of.entries("address")) {
                    address.put(kind.key(), new Fields("'address'", wrap(kind), fields.findings()).texts(kind.key()));
                }
                agents.put(
                        entry.key(),
                        new AgentTarget(
                                entry.key(),
                                type,
                                of.required("name"),
                                address,
                                of.text("port"),
                                of.text("authentication_info")));
            }
        }
        return agents;
    }

    private static YamlNode.Mapping wrap(YamlNode.Entry entry) {
        return new YamlNode.Mapping(entry.value().file(), entry.line(), List.of(entry));
    }

    /** What a playbook must not hold: it is content, and content is shown, exported and sent around. */
    private static void secrets(Fields fields) {
        for (var entry : fields.entries("authentication_info_definitions")) {
            var of = new Fields("authentication information", entry.value(), fields.findings());
            of.required("type");
            for (var secret : List.of("password", "token", "private_key")) {
                var value = of.text(secret);
                if (value != null
                        && !value.isEmpty()
                        && !of.flag("kms")
                        && Template.of(value).names().isEmpty()) {
                    of.error(
                            secret,
                            "a secret stands in the playbook: keep it in the vault, and name it here by 'kms: true'"
                                    + " and 'kms_key_identifier'");
                }
            }
        }
    }

    private List<Trigger> triggers(Fields fields) {
        var triggers = new ArrayList<Trigger>();
        var extensions = fields.object("playbook_extensions");
        var ours = extensions == null ? null : extensions.object(TypedAction.EXTENSION);
        if (ours == null) {
            return triggers;
        }
        ours.allowOnly(Set.of("triggers"));
        for (var item : ours.items("triggers")) {
            var of = new Fields("a trigger", item, fields.findings());
            of.allowOnly(Set.of("on", "when", "cron", "max_per_hour"));
            var word = of.required("on");
            var kind = Trigger.Kind.of(word).orElse(null);
            if (kind == null) {
                of.error(
                        "on",
                        "'" + word + "' is nothing that starts a playbook: " + String.join(", ", Trigger.Kind.words()));
                continue;
            }
            var cron = of.text("cron");
            if ((kind == Trigger.Kind.SCHEDULE) != (cron != null)) {
                of.error("cron", "a schedule has a 'cron' (five fields, in UTC), and nothing else has one");
            } else if (cron != null) {
                cron(of, cron);
            }
            var when = of.text("when");
            if (when != null && kind != Trigger.Kind.ALERT && kind != Trigger.Kind.CASE) {
                of.error("when", "only alerts and cases are chosen by 'when'");
            } else if (when != null) {
                when(of, when);
            }
            var most = of.whole("max_per_hour", 1, Trigger.MOST_AN_HOUR);
            triggers.add(
                    new Trigger(kind, when, cron, most == null ? Trigger.USUALLY_AN_HOUR : most.intValue(), of.line()));
        }
        return triggers;
    }

    private static void cron(Fields of, String cron) {
        try {
            Cron.parse(cron, "UTC");
        } catch (IllegalArgumentException e) {
            of.error("cron", "'cron': " + e.getMessage());
        }
    }

    private void when(Fields of, String when) {
        try {
            conditions.read(when);
        } catch (ProblemException e) {
            var problem = e.problem();
            of.error(
                    "when",
                    "'when': "
                            + (problem.errors().isEmpty()
                                    ? problem.detail()
                                    : problem.errors().getFirst().where() + ": "
                                            + problem.errors().getFirst().reason()));
        }
    }
}
