package io.marsad.connect.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Whatever a value is, it is a value at the place where it stands, or the call is refused. */
class InjectionTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String MANIFEST =
            Calls.HEAD + Calls.BEARER + """
            operations:
              ping: {title: Ping, kind: read, request: {method: GET, path: /ping}}
              path: &one
                title: One
                kind: read
                parameters: {x: {type: text, description: Anything, min: 0}}
                request: {method: GET, path: '/a/${parameters.x}/b', query: {fixed: '1'}}
              query: {<<: &x {}, title: One, kind: read, parameters: {x: {type: text, description: Anything, min: 0}}, request: {method: GET, path: /q, query: {x: '${parameters.x}', y: z}}}
              header: {title: One, kind: read, parameters: {x: {type: text, description: Anything, min: 0}}, request: {method: GET, path: /h, headers: {X-Value: '${parameters.x}'}}}
              json: {title: One, kind: read, parameters: {x: {type: text, description: Anything, min: 0}}, request: {method: POST, path: /j, json: {a: '${parameters.x}', b: 'say ${parameters.x}', c: [1, true]}}}
              form: {title: One, kind: read, parameters: {x: {type: text, description: Anything, min: 0}}, request: {method: POST, path: /f, form: {x: '${parameters.x}', y: z}}}
              xml: {title: One, kind: read, parameters: {x: {type: text, description: Anything, min: 0}}, request: {method: GET, path: /x, query: {element: {$xml: "<e name='${parameters.x}'>${parameters.x}</e>"}}}}
              quoted: {title: One, kind: read, parameters: {x: {type: text, description: Anything, min: 0}}, request: {method: GET, path: /x, query: {filter: {$quoted: "name:'${parameters.x}'"}}}}
              odata: {title: One, kind: read, parameters: {x: {type: text, description: Anything, min: 0}}, request: {method: GET, path: /x, query: {filter: {$odata: "name eq '${parameters.x}'"}}}}
            """.replace("<<: &x {}, ", "").replace("path: &one", "path:");
    private static final List<String> NASTY = List.of(
            "..",
            ".",
            "/",
            "\\",
            "%2f",
            "%",
            "?",
            "#",
            "&",
            "=",
            "'",
            "\"",
            "\r\n",
            "\n",
            "\u0000",
            "${config.url}",
            "${secrets.token}",
            "<",
            ">",
            "]]>",
            "&amp;",
            ";",
            ",",
            "}",
            "{",
            "\u2028",
            "\ud83d\ude00",
            "\u212a",
            "\ud800",
            " ",
            "+",
            "@evil.example.org",
            "//",
            ":",
            "\u202e",
            "^",
            "x",
            "\u27e6a\u27e7",
            "\t");

    @Test
    void noValueIsMoreThanAValue() throws Exception {
        var property = System.getProperty("marsad.seed", "20261121");
        long seed = property.equals("random") ? new Random().nextLong() : Long.parseLong(property);
        System.out.println("seed " + seed);
        var random = new Random(seed);
        var calls = new Calls(MANIFEST.replace("requests_per_minute: 600", "requests_per_minute: 100000"));
        int sent = 0;
        for (int i = 0; i < 20_000; i++) {
            var value = new StringBuilder();
            for (int n = random.nextInt(5); n >= 0; n--) {
                value.append(NASTY.get(random.nextInt(NASTY.size())));
            }
            var operations = List.of("path", "query", "header", "json", "form", "xml", "quoted", "odata");
            var operation = operations.get(random.nextInt(operations.size()));
            calls.sent.clear();
            calls.now = calls.now.plusSeconds(1);
            var parameters = JsonNodeFactory.instance.objectNode().put("x", value.toString());
            var outcome = calls.call(operation, parameters, Mode.LIVE);
            if (calls.sent.isEmpty()) {
                assertThat(outcome).isInstanceOf(Outcome.Refused.class);
                continue;
            }
            sent++;
            holds(operation, wellFormed(value.toString()), calls.sent.getFirst());
        }
        assertThat(sent).isGreaterThan(5_000);
    }

    /** A half of a surrogate pair has no bytes; Java writes a question mark. */
    private static String wellFormed(String value) {
        return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static void holds(String operation, String value, Message message) {
        var uri = message.uri();
        assertThat(uri.getRawAuthority()).isEqualTo("acme.example.org");
        assertThat(URI.create(uri.toString())).isEqualTo(uri);
        assertThat(message.headers().values())
                .allSatisfy(header -> assertThat(header).doesNotContain("\r").doesNotContain("\n"));
        switch (operation) {
            case "path" -> {
                var segments = List.of(uri.getRawPath().split("/", -1));
                assertThat(segments).hasSize(4).startsWith("", "a").endsWith("b");
                assertThat(decoded(segments.get(2))).isEqualTo(value);
                assertThat(uri.normalize().getRawPath()).isEqualTo(uri.getRawPath());
                assertThat(uri.getRawQuery()).isEqualTo("fixed=1");
            }
            case "query" ->
                assertThat(List.of(uri.getRawQuery().split("&", -1)))
                        .hasSize(2)
                        .contains("y=z")
                        .first()
                        .satisfies(x -> assertThat(decoded(x)).isEqualTo("x=" + value));
            case "header" -> assertThat(message.headers()).hasSize(3).containsEntry("X-Value", value);
            case "json" -> {
                var tree = JSON.readTree(message.text());
                assertThat(tree.propertyNames()).containsExactly("a", "b", "c");
                assertThat(wellFormed(tree.get("a").stringValue())).isEqualTo(value);
                assertThat(wellFormed(tree.get("b").stringValue())).isEqualTo("say " + value);
            }
            case "form" ->
                assertThat(List.of(message.text().split("&", -1)))
                        .hasSize(2)
                        .contains("y=z")
                        .first()
                        .satisfies(x -> assertThat(decoded(x)).isEqualTo("x=" + value));
            case "xml" -> {
                var tree = Answers.xml(decoded(uri.getRawQuery().substring("element=".length())));
                assertThat(Objects.requireNonNull(tree).get("e").propertyNames())
                        .isSubsetOf("@name", "#");
            }
            case "quoted" -> assertThat(decoded(uri.getRawQuery())).isEqualTo("filter=name:'" + value + "'");
            default -> {
                var filter = decoded(uri.getRawQuery()).substring("filter=name eq '".length());
                assertThat(filter.replace("''", "")).endsWith("'").doesNotContain("'x");
                assertThat(filter.replace("''", "").indexOf('\''))
                        .isEqualTo(filter.replace("''", "").length() - 1);
            }
        }
    }

    private static String decoded(String text) {
        assertThat(text).doesNotContain("+");
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
