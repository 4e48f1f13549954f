package io.marsad.connect.replay;

import io.marsad.connect.manifest.Values;
import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Reads recorded exchanges. Stateless. */
final class RecordingReader {
    private RecordingReader() {}

    static Recording read(Path file) throws ContentException, IOException {
        var documents = YamlReader.read(file);
        if (documents.size() != 1) {
            throw new ContentException(file.toString(), 0, "recorded exchanges are one document");
        }
        var in = documents.getFirst().asMapping();
        in.allowOnly("connector", "config", "secrets", "always", "first", "exchanges");
        var always = texts(in.mapping("always"));
        var first = requests(in.get("first"), Map.of());
        var exchanges = new ArrayList<Recording.Exchange>();
        var faults = new ArrayList<ContentProblem>();
        for (YamlNode node : in.require("exchanges").asList()) {
            try {
                exchanges.add(exchange(node.asMapping(), always, first));
            } catch (ContentException e) {
                faults.addAll(e.problems());
            }
        }
        if (!faults.isEmpty()) {
            throw new ContentException(faults);
        }
        return new Recording(
                file.toString(), object(in.get("config")), texts(in.mapping("secrets")), List.copyOf(exchanges));
    }

    private static Recording.Exchange exchange(
            YamlNode.Mapping in, Map<String, String> always, List<Recording.Request> first) throws ContentException {
        in.allowOnly(
                "name",
                "operation",
                "verify",
                "parameters",
                "key",
                "requests",
                "outcome",
                "outputs",
                "reason",
                "after",
                "rollback",
                "cold");
        var verifies = in.text("verify");
        var requests = new ArrayList<Recording.Request>();
        if (in.text("cold") == null) {
            requests.addAll(first);
        }
        requests.addAll(requests(in.get("requests"), always));
        var outputs = in.get("outputs");
        var after = in.text("after");
        var rollback = in.get("rollback");
        var key = in.text("key");
        return new Recording.Exchange(
                in,
                in.requireText("name"),
                verifies == null ? in.requireText("operation") : verifies,
                verifies != null,
                object(in.get("parameters")),
                key == null ? "3f0c5b1e-test" : key,
                requests,
                in.requireText("outcome"),
                outputs == null ? null : object(outputs),
                in.text("reason"),
                after == null ? null : Long.valueOf(number(in.require("after"))),
                rollback == null ? null : Values.json(rollback));
    }

    private static List<Recording.Request> requests(@Nullable YamlNode nodes, Map<String, String> always)
            throws ContentException {
        var requests = new ArrayList<Recording.Request>();
        for (YamlNode node : nodes == null ? List.<YamlNode>of() : nodes.asList()) {
            requests.add(request(node.asMapping(), always));
        }
        return requests;
    }

    private static Recording.Request request(YamlNode.Mapping in, Map<String, String> always) throws ContentException {
        in.allowOnly(
                "ask",
                "headers",
                "json",
                "form",
                "body",
                "status",
                "answer",
                "answer_text",
                "answer_headers",
                "lost",
                "bare");
        var ask = in.requireText("ask");
        int space = ask.indexOf(' ');
        if (space < 0) {
            throw in.require("ask").fault("'ask' is a method and an address: GET https://host/path");
        }
        var headers = new LinkedHashMap<>("true".equals(in.text("bare")) ? Map.<String, String>of() : always);
        headers.putAll(texts(in.mapping("headers")));
        var json = in.get("json");
        var form = in.get("form");
        var answer = in.get("answer");
        var text = in.text("answer_text");
        return new Recording.Request(
                in,
                ask.substring(0, space),
                ask.substring(space + 1),
                headers,
                json == null ? null : Values.json(json),
                form == null ? null : Values.json(form),
                in.text("body"),
                in.get("status") == null ? 200 : (int) number(in.require("status")),
                texts(in.mapping("answer_headers")),
                text != null ? text : answer == null ? "" : Values.json(answer).toString(),
                "true".equals(in.text("lost")));
    }

    private static long number(YamlNode node) throws ContentException {
        try {
            return Long.parseLong(node.asText());
        } catch (NumberFormatException e) {
            throw node.fault("a whole number is expected here");
        }
    }

    private static Map<String, String> texts(YamlNode.@Nullable Mapping in) throws ContentException {
        var texts = new LinkedHashMap<String, String>();
        if (in != null) {
            for (YamlNode.Entry entry : in.entries()) {
                texts.put(entry.key(), entry.value().asText());
            }
        }
        return texts;
    }

    private static ObjectNode object(@Nullable YamlNode node) throws ContentException {
        return Values.object(node);
    }
}
