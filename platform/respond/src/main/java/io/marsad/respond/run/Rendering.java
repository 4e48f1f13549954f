package io.marsad.respond.run;

import io.marsad.respond.cacao.Command;
import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.cacao.Step;
import io.marsad.respond.variable.Template;
import io.marsad.respond.variable.VariableType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Puts the values of variables where a step names them. Values come from events, that is from attackers: each is written
 * by the rules of its place, so that it stays one value whatever it says.
 */
final class Rendering {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Marks what stood outside quotes. */
    private static final String BARE = "\uE000";

    private final Playbook playbook;
    private final Step.Action step;
    private final Values values;
    private @Nullable String missing;

    private Rendering(Playbook playbook, Step.Action step, Values values) {
        this.playbook = playbook;
        this.step = step;
        this.values = values;
    }

    /** What the step asks for now. */
    static RunEffect effect(Playbook playbook, Step.Action step, int visit, int attempt, int command, Values values)
            throws RenderException {
        var rendering = new Rendering(playbook, step, values);
        var typed = step.typed();
        if (typed != null) {
            Map<String, JsonNode> parameters = new LinkedHashMap<>();
            typed.with()
                    .forEach((name, value) -> parameters.put(
                            name,
                            typed.queries().contains(name) ? rendering.query(value) : rendering.parameter(value)));
            rendering.requireAll();
            return new RunEffect.Perform(visit, attempt, step.id(), typed, parameters);
        }
        return rendering.carry(visit, attempt, command);
    }

    private RunEffect carry(int visit, int attempt, int nth) throws RenderException {
        var command = step.commands().get(nth);
        var text = switch (command.kind()) {
            case HTTP_API, OPENC2_HTTP -> startLine(command.text());
            case BASH, SSH -> fill(command.text(), Rendering::shellWord);
            case POWERSHELL -> fill(command.text(), Rendering::powershellWord);
            case MANUAL, CALDERA, ELASTIC, JUPYTER, KESTREL, SIGMA, YARA, OTHER -> fill(command.text(), value -> value);
        };
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (var header : command.headers().entrySet()) {
            var lines = new ArrayList<String>();
            for (var value : header.getValue()) {
                lines.add(headerLine(header.getKey(), fill(value, inner -> inner)));
            }
            headers.put(header.getKey(), lines);
        }
        var content = command.content() == null ? null : content(command);
        requireAll();
        var whom = Stream.concat(Stream.of(step.agent()), step.targets().stream())
                .map(playbook.agents()::get)
                .filter(Objects::nonNull)
                .toList();
        return new RunEffect.Carry(
                visit, attempt, nth, step.id(), command.kind(), text, headers, content, whom, step.outArgs());
    }

    private JsonNode query(JsonNode value) {
        return value.isString() ? NODES.stringNode(QueryText.fill(value.stringValue(), this::value)) : value;
    }

    private JsonNode parameter(JsonNode value) {
        if (value.isString()) {
            var template = Template.of(value.stringValue());
            if (template.isReference()) {
                var name = template.names().iterator().next();
                return typed(name, value(name));
            }
            return NODES.stringNode(template.fill(this::value));
        }
        if (value.isArray()) {
            var array = NODES.arrayNode();
            value.forEach(item -> array.add(parameter(item)));
            return array;
        }
        if (value.isObject()) {
            var object = NODES.objectNode();
            value.forEachEntry((name, inner) -> object.set(name, parameter(inner)));
            return object;
        }
        return value;
    }

    /** A value alone keeps its type. */
    private JsonNode typed(String name, String value) {
        var variable = playbook.variable(step, name);
        var type = variable == null ? VariableType.STRING : variable.type();
        if (value.isEmpty() || !type.takes(value)) {
            return NODES.stringNode(value);
        }
        return switch (type) {
            case BOOL, DICTIONARY, FLOAT, INTEGER, LIST, LONG -> JSON.readTree(value);
            case HASH, HEXSTRING, IPV4, IPV6, MAC, MD5, SHA256, STRING, URI, UUID -> NODES.stringNode(value);
        };
    }

    /** {@code POST /path?query HTTP/1.1}; a value is one segment or one part of the query. */
    private String startLine(String line) throws RenderException {
        var words = line.strip().split(" +", 3);
        if (words.length < 2 || !words[0].matches("[A-Z]{3,10}") || !words[1].startsWith("/")) {
            throw new RenderException("a request begins with a line such as POST /path HTTP/1.1");
        }
        var path = fill(
                words[1],
                value -> URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
        for (var segment : path.replaceFirst("\\?.*", "").split("/")) {
            if (segment.equals(".") || segment.equals("..")) {
                throw new RenderException("the path of the request goes up or stays: " + segment);
            }
        }
        return words[0] + " " + path + " HTTP/1.1";
    }

    private static String headerLine(String name, String value) throws RenderException {
        if (value.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new RenderException("a value would break the header " + name);
        }
        return value;
    }

    private String content(Command command) throws RenderException {
        var content = Objects.requireNonNull(command.content());
        var type = command.headers().entrySet().stream()
                .filter(header -> "content-type".equalsIgnoreCase(header.getKey()))
                .flatMap(header -> header.getValue().stream())
                .findFirst()
                .orElse("")
                .toLowerCase(Locale.ROOT);
        if (type.startsWith("application/x-www-form-urlencoded")) {
            return fill(content, value -> URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
        var start = content.stripLeading();
        if (start.startsWith("{") || start.startsWith("[")) {
            return json(content);
        }
        return fill(content, value -> value);
    }

    /** A reference outside quotes stands for a whole value: {@code {"score": __score__:value}}. */
    private String json(String content) throws RenderException {
        var marked = new StringBuilder();
        boolean quoted = false;
        for (var part : Template.of(content).parts()) {
            switch (part) {
                case Template.Part.Text text -> {
                    marked.append(text.text());
                    quoted = endsQuoted(text.text(), quoted);
                }
                case Template.Part.Reference of ->
                    marked.append(quoted ? of.name() + ":value" : "\"" + BARE + of.name() + "\"");
            }
        }
        try {
            return parameter(unmarked(JSON.readTree(marked.toString()))).toString();
        } catch (JacksonException e) {
            throw new RenderException("the content of the request is not JSON: " + e.getOriginalMessage());
        }
    }

    private static boolean endsQuoted(String json, boolean before) {
        boolean quoted = before;
        for (int i = 0; i < json.length(); i++) {
            if (quoted && json.charAt(i) == '\\') {
                i++;
            } else if (json.charAt(i) == '"') {
                quoted = !quoted;
            }
        }
        return quoted;
    }

    private static JsonNode unmarked(JsonNode node) {
        if (node.isString() && node.stringValue().startsWith(BARE)) {
            return NODES.stringNode(node.stringValue().substring(BARE.length()) + ":value");
        }
        if (node.isArray()) {
            var array = NODES.arrayNode();
            node.forEach(item -> array.add(unmarked(item)));
            return array;
        }
        if (node.isObject()) {
            var object = NODES.objectNode();
            node.forEachEntry((name, inner) -> object.set(name, unmarked(inner)));
            return object;
        }
        return node;
    }

    private String fill(String text, java.util.function.UnaryOperator<String> by) {
        return Template.of(text).fill(name -> by.apply(value(name)));
    }

    private String value(String name) {
        var value = values.of(step, name);
        if (value == null && missing == null) {
            missing = name;
        }
        return value == null ? "" : value;
    }

    private void requireAll() throws RenderException {
        if (missing != null) {
            throw new RenderException(missing + " has no value");
        }
    }

    /** One word for a POSIX shell. */
    private static String shellWord(String value) {
        return "'" + value.replace("'", "'\\''") + "'";
    }

    /** One word for PowerShell, which takes typographic quotes for quotes, too. */
    private static String powershellWord(String value) {
        return "'" + value.replaceAll("(['\u2018\u2019\u201a\u201b])", "$1$1") + "'";
    }
}
