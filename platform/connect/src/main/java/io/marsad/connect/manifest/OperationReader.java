package io.marsad.connect.manifest;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one operation. */
final class OperationReader {
    private static final String[] METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    private static final String[] OF_STEP = {"request", "success", "errors", "pagination"};

    private final Faults faults;
    private final List<Operation.ErrorRule> common;
    private final Operation.Format answers;

    /**
     * @param common what answers mean in all operations
     * @param answers what they are read as where nothing else is said
     */
    OperationReader(Faults faults, List<Operation.ErrorRule> common, Operation.Format answers) {
        this.faults = faults;
        this.common = common;
        this.answers = answers;
    }

    Operation read(String name, YamlNode node) throws ContentException {
        var in = node.asMapping();
        in.allowOnly(
                "title",
                "kind",
                "action",
                "parameters",
                "steps",
                "request",
                "success",
                "outputs",
                "errors",
                "pagination",
                "idempotency",
                "rollback",
                "verify");
        Pieces.name(name, node);
        boolean writes = writes(in.require("kind"));
        var action = in.text("action");
        if (action != null) {
            Pieces.name(action, in.require("action"));
        }
        var outputs = Pieces.map(in.mapping("outputs"), faults, this::output);
        var steps = in.get("steps") == null ? List.of(single(name, in, writes)) : steps(in, writes);
        return new Operation(
                name,
                in.requireText("title"),
                writes,
                action,
                Pieces.map(in.mapping("parameters"), faults, Pieces::input),
                steps,
                outputs,
                idempotency(in, writes),
                follow(in.mapping("rollback"), false),
                follow(in.mapping("verify"), true));
    }

    private static boolean writes(YamlNode kind) throws ContentException {
        return switch (kind.asText()) {
            case "read" -> false;
            case "write" -> true;
            default -> throw kind.fault("an operation's kind is 'read' or 'write'");
        };
    }

    private Operation.Step single(String name, YamlNode.Mapping in, boolean writes) throws ContentException {
        return new Operation.Step(
                name,
                writes,
                null,
                request(in.require("request").asMapping()),
                success(in.mapping("success")),
                Map.of(),
                errors(in),
                pagination(in.mapping("pagination")));
    }

    private List<Operation.Step> steps(YamlNode.Mapping in, boolean writes) throws ContentException {
        for (String key : OF_STEP) {
            var there = in.get(key);
            if (there != null) {
                faults.add(there, "'" + key + "' belongs into a step when there are steps");
            }
        }
        var steps = new ArrayList<Operation.Step>();
        for (YamlNode item : in.require("steps").asList()) {
            faults.<Operation.@Nullable Step>or(null, () -> {
                var read = step(item.asMapping(), writes);
                steps.add(read);
                return read;
            });
        }
        return steps;
    }

    private Operation.Step step(YamlNode.Mapping in, boolean writes) throws ContentException {
        in.allowOnly("name", "kind", "when", "request", "success", "outputs", "errors", "pagination");
        var kind = in.get("kind");
        boolean stepWrites = kind == null ? writes : writes(kind);
        if (stepWrites && !writes) {
            throw in.fault("an operation that reads has no step that writes");
        }
        var when = in.get("when");
        return new Operation.Step(
                Pieces.name(in.requireText("name"), in),
                stepWrites,
                when == null ? null : Pieces.condition(when),
                request(in.require("request").asMapping()),
                success(in.mapping("success")),
                Pieces.map(in.mapping("outputs"), faults, this::output),
                errors(in),
                pagination(in.mapping("pagination")));
    }

    private Operation.Request request(YamlNode.Mapping in) throws ContentException {
        in.allowOnly("method", "path", "query", "headers", "json", "form", "text", "content_type", "answers");
        var method = in.requireText("method");
        if (!List.of(METHODS).contains(method)) {
            throw in.require("method").fault("'" + method + "' is none of " + List.of(METHODS));
        }
        var path = Pieces.text(in.require("path"));
        if (!in.requireText("path").startsWith("/") && !in.requireText("path").isEmpty()) {
            throw in.require("path").fault("a path begins with a slash");
        }
        if (in.requireText("path").contains("?")) {
            throw in.require("path").fault("what comes after '?' stands under 'query'");
        }
        var format = in.get("answers");
        return new Operation.Request(
                method,
                path,
                Pieces.texts(in, "query", faults),
                Pieces.texts(in, "headers", faults),
                body(in),
                format == null ? answers : Pieces.word(format, Operation.Format.values()));
    }

    private Operation.@Nullable Body body(YamlNode.Mapping in) throws ContentException {
        var json = in.get("json");
        var form = in.mapping("form");
        var text = in.get("text");
        int bodies = (json == null ? 0 : 1) + (form == null ? 0 : 1) + (text == null ? 0 : 1);
        if (bodies > 1) {
            throw in.fault("a request has one of 'json', 'form' and 'text'");
        }
        if (bodies == 1 && "GET".equals(in.text("method"))) {
            throw in.fault("a GET has no body");
        }
        if (json != null) {
            return new Operation.JsonBody(Pieces.tree(json));
        }
        if (form != null) {
            return new Operation.FormBody(Pieces.texts(in, "form", faults));
        }
        var type = in.text("content_type");
        return text == null ? null : new Operation.TextBody(Pieces.text(text), type == null ? "text/plain" : type);
    }

    private static Operation.Success success(YamlNode.@Nullable Mapping in) throws ContentException {
        if (in == null) {
            return new Operation.Success(List.of(), null);
        }
        in.allowOnly("status", "when");
        var statuses = new ArrayList<Integer>();
        for (String status : in.texts("status")) {
            statuses.add(status(in.require("status"), status));
        }
        var when = in.get("when");
        return new Operation.Success(statuses, when == null ? null : Pieces.condition(when));
    }

    private static int status(YamlNode node, String text) throws ContentException {
        if (text.length() == 3 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Integer.parseInt(text);
        }
        throw node.fault("'" + text + "' is no status of HTTP");
    }

    private Operation.Output output(String name, YamlNode node) throws ContentException {
        Pieces.name(name, node);
        if (!(node instanceof YamlNode.Mapping in)) {
            return new Operation.Output(name, Pieces.path(node), null, null, ValueType.STRING, null);
        }
        in.allowOnly("path", "header", "value", "type", "otherwise");
        var path = in.get("path");
        var header = in.text("header");
        var value = in.get("value");
        if ((path == null ? 0 : 1) + (header == null ? 0 : 1) + (value == null ? 0 : 1) != 1) {
            throw node.fault("an output comes from one of 'path', 'header' and 'value'");
        }
        var type = in.get("type");
        return new Operation.Output(
                name,
                path == null ? null : Pieces.path(path),
                header,
                value == null ? null : Pieces.text(value),
                type == null ? ValueType.STRING : Pieces.word(type, ValueType.values()),
                in.text("otherwise"));
    }

    private List<Operation.ErrorRule> errors(YamlNode.Mapping in) throws ContentException {
        var rules = new ArrayList<>(errors(in, "errors"));
        rules.addAll(common);
        return rules;
    }

    static List<Operation.ErrorRule> errors(YamlNode.Mapping of, String key) throws ContentException {
        var rules = new ArrayList<Operation.ErrorRule>();
        var list = of.get(key);
        for (YamlNode node : list == null ? List.<YamlNode>of() : list.asList()) {
            var in = node.asMapping();
            in.allowOnly("status", "when", "says", "then");
            var status = in.text("status");
            var when = in.get("when");
            if (status == null && when == null) {
                throw node.fault("an error is known by its 'status' or by 'when'");
            }
            var then = in.get("then");
            rules.add(new Operation.ErrorRule(
                    status == null ? null : status(in.require("status"), status),
                    when == null ? null : Pieces.condition(when),
                    in.requireText("says"),
                    then == null ? Operation.Then.REFUSED : Pieces.word(then, Operation.Then.values())));
        }
        return rules;
    }

    private static Operation.@Nullable Pagination pagination(YamlNode.@Nullable Mapping in) throws ContentException {
        if (in == null) {
            return null;
        }
        in.allowOnly("kind", "items", "cursor", "parameter", "size", "pages");
        var kind = Pieces.word(in.require("kind"), Operation.Pagination.Kind.values());
        var cursor = in.get("cursor");
        if ((cursor == null) == (kind == Operation.Pagination.Kind.CURSOR)) {
            throw in.fault("pages by cursor, and only they, have a 'cursor': where the next one stands");
        }
        if (kind != Operation.Pagination.Kind.LINK && in.text("parameter") == null) {
            throw in.fault("'parameter' is missing: what the next page is asked for with");
        }
        return new Operation.Pagination(
                kind,
                Pieces.path(in.require("items")),
                cursor == null ? null : Pieces.path(cursor),
                in.text("parameter"),
                Pieces.integer(in, "size", 100, 1, 10_000),
                Pieces.integer(in, "pages", 10, 1, 50));
    }

    private static Operation.Idempotency idempotency(YamlNode.Mapping in, boolean writes) throws ContentException {
        var node = in.get("idempotency");
        if (node == null) {
            if (writes) {
                throw in.fault("'idempotency' is missing: what happens when this is sent twice (natural, key,"
                        + " {header: NAME} or none)");
            }
            return new Operation.Natural();
        }
        if (node instanceof YamlNode.Mapping mapping) {
            mapping.allowOnly("header");
            return new Operation.Keyed(mapping.requireText("header"));
        }
        return switch (node.asText()) {
            case "natural" -> new Operation.Natural();
            case "key" -> new Operation.Keyed(null);
            case "none" -> new Operation.Twice();
            default -> throw node.fault("idempotency is natural, key, {header: NAME} or none");
        };
    }

    private static Operation.@Nullable Follow follow(YamlNode.@Nullable Mapping in, boolean probe)
            throws ContentException {
        if (in == null) {
            return null;
        }
        if (probe) {
            in.allowOnly("operation", "parameters", "expect");
        } else {
            in.allowOnly("operation", "parameters");
        }
        var parameters = new LinkedHashMap<String, Tree>();
        var given = in.mapping("parameters");
        if (given != null) {
            for (YamlNode.Entry entry : given.entries()) {
                parameters.put(entry.key(), Pieces.tree(entry.value()));
            }
        }
        return new Operation.Follow(
                in.requireText("operation"), parameters, probe ? Pieces.condition(in.require("expect")) : null);
    }
}
