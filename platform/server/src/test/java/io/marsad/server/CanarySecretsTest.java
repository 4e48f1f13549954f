package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.contract.OpenApi;
import io.marsad.server.cli.CommandTree;
import io.marsad.server.node.LocalAccess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A secret is given wherever one can be given, rightly and wrongly, and then looked for in everything that the platform
 * says or keeps: answers, logs, metrics, the audit log, every table there is, every file of the data folder. Which routes
 * take a secret is read from the contract, which tables there are from the catalogue.
 */
class CanarySecretsTest extends RunningPlatform {
    private static final String CANARY = "kanarienvogel-";

    private final CanarySearch search = new CanarySearch();
    private final CanarySearch control = new CanarySearch();
    private final List<Map.Entry<String, String>> answers = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private int canaries;
    private URI url = URI.create("http://nowhere.invalid");
    private String own = "";

    CanarySecretsTest() {
        super("canary");
    }

    @Override
    void prepare() throws Exception {
        Files.createDirectories(data);
        Files.writeString(data.resolve("marsad.yaml"), """
                secrets:
                  token: %s
                database:
                  password: %s
                """.formatted(
                        canary("configured token", "marsad.yaml"), canary("database password", "marsad.yaml")));
        search.add("TLS key", CanaryCertificate.issue(data.resolveSibling("tls")));
    }

    @Override
    String[] options() {
        var tls = data.resolveSibling("tls");
        return new String[] {
            "--set",
            "http.tls.certificate=" + tls.resolve("own.pem"),
            "--set",
            "http.tls.key=" + tls.resolve("own.key"),
            "--set",
            "http.origin=https://soc.example"
        };
    }

    /** A new secret, which is looked for from now on. */
    private String canary(String what, String... homes) {
        var secret = CANARY + ++canaries + "-" + HexFormat.of().toHexDigits(new SecureRandom().nextLong());
        search.add(what + " (" + canaries + ")", secret, homes);
        return secret;
    }

    @Test
    void noSecretIsAnywhere() throws Exception {
        url = Objects.requireNonNull(LocalAccess.read(data)).url();
        own = Objects.requireNonNull(LocalAccess.read(data)).token();
        search.add("token of this machine", last(own), "local-access");
        keysOfTheDataFolder();
        var database = new CanaryDatabase(data);
        var mark = send();
        control.add("control", mark);

        signInAndOut();
        machines();
        model();
        var provider = provider();
        intelligence();
        wrongly();
        routesOfTheContract();
        malformed();
        database.keep(20, this::canary);
        assertThat(command("vault", "rotate")).contains(" secrets of 1 tenants");
        assertThat(command("vault", "verify")).contains("all ", " secrets open");
        answer("POST", provider + "/test", "", Map.of("Authorization", "Bearer " + own)); // with the new key
        await(mark, 1);

        for (var path : List.of(
                "/metrics",
                "/health",
                "/ready",
                "/v1/audit/export",
                "/v1/sources",
                "/v1/tokens",
                "/v1/users",
                "/v1/vault",
                "/v1/vault/verification",
                "/v1/intel-sources",
                "/v1/identity-providers",
                provider,
                "/v1/auth/providers",
                "/v1/dead-letters",
                "/v1/search-history")) {
            answer("GET", path, "", Map.of("Authorization", "Bearer " + own));
        }
        answers.forEach(answer -> search.look("the answer to " + answer.getKey(), answer.getValue()));
        search.look("doctor", command("doctor", "--json"));
        search.look("config", command("config"));
        database.look(search, last(own));
        node.close();
        search.lookAtFiles(data);
        control.lookAtFiles(data);
        search.look("what it says", node.output().replaceAll("Login .*", "")); // shown to who starts it first

        assertThat(control.findings()).as("an event is found where it is kept").isNotEmpty();
        assertThat(search.findings()).isEmpty();
        assertThat(search.looked()).isGreaterThan(10 << 20);
    }

    private void keysOfTheDataFolder() throws IOException {
        try (var keys = Files.newDirectoryStream(data.resolve("keys"), "*.key")) {
            for (var key : keys) {
                var home = data.relativize(key).toString();
                search.add(home, Files.readAllLines(key).getFirst(), home);
            }
        }
        search.add(
                "database superuser",
                Files.readString(data.resolve("postgres/superuser.secret")).strip(),
                "postgres/superuser.secret");
        assertThat(data.resolve("keys/vault.key")).exists();
    }

    // ---- traffic

    private HttpResponse<String> call(String method, String path, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(url.resolve(path))
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** A call whose answer gives nobody a secret. */
    private HttpResponse<String> answer(String method, String path, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        var answer = call(method, path, body, headers);
        answers.add(Map.entry(method + " " + path, answer.headers().map() + "\n" + answer.body()));
        return answer;
    }

    private static String last(String credential) {
        return credential.substring(credential.lastIndexOf('.') + 1);
    }

    private static String json(Map<String, ?> body) {
        return JSON.writeValueAsString(body);
    }

    private Map<String, String> signIn(String name, String password) throws IOException, InterruptedException {
        var signedIn = call("POST", "/v1/auth/login", json(Map.of("username", name, "password", password)), Map.of());
        assertThat(signedIn.statusCode()).isEqualTo(200);
        var cookie = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
        var value = cookie.substring(0, cookie.indexOf(';'));
        var csrf = JSON.readTree(signedIn.body()).path("csrf").asString();
        search.add("session of " + name + ++canaries, last(value));
        search.add("csrf of " + name + canaries, csrf);
        return Map.of("Cookie", value, "X-Marsad-Csrf", csrf);
    }

    private void signInAndOut() throws Exception {
        var login = Pattern.compile("Login +(\\S+) / (\\S+)").matcher(node.output());
        assertThat(login.find()).isTrue();
        search.add("first password", login.group(2));
        var session = signIn(login.group(1), login.group(2));
        answer("GET", "/v1/auth/sessions", "", session);
        var made = call("POST", "/v1/users", json(Map.of("username", CANARY, "role", "platform_admin")), session);
        var first = JSON.readTree(made.body()).path("password").asString();
        search.add("random password", first);
        var theirs = signIn(CANARY, first);
        var chosen = canary("chosen password");
        for (var change : List.of(
                Map.of("old", canary("wrong old password"), "new", canary("password that was not taken")),
                Map.of("old", first, "new", "kanarie"),
                Map.of("old", first, "new", chosen))) {
            answer("POST", "/v1/auth/password", json(change), theirs);
        }
        var app = call("POST", "/v1/auth/authenticator/begin", "", theirs);
        assertThat(app.statusCode()).as(app.body()).isEqualTo(200);
        search.add(
                "seed of an authenticator",
                JSON.readTree(app.body()).path("secret").asString());
        answer("POST", "/v1/auth/authenticator", json(Map.of("code", "000000")), theirs);
        var id = JSON.readTree(made.body()).path("id").asString();
        var reset = call("POST", "/v1/users/" + id + "/password", "{}", session);
        search.add(
                "new random password",
                JSON.readTree(reset.body()).path("password").asString());
        answer("POST", "/v1/auth/logout", "", session);
        answer("GET", "/v1/auth/session", "", session);
    }

    private void machines() throws Exception {
        var header = Map.of("Authorization", "Bearer " + own);
        var made = JSON.readTree(call(
                        "POST",
                        "/v1/tokens",
                        json(Map.of("name", "sensor", "permissions", List.of("ingest:write"))),
                        header)
                .body());
        var secret = made.path("secret").asString();
        search.add("token", last(secret));
        var theirs = Map.of("Authorization", "Bearer " + secret);
        answer("POST", "/v1/ingest/events", json(event(mark())), theirs);
        answer("GET", "/v1/alerts", "", theirs); // may not
        var falco = json(falco(mark(), "x"));
        answer("POST", "/v1/ingest/falco/" + secret, falco, Map.of());
        answer("GET", "/v1/ingest/falco/" + secret, "", Map.of());
        answer("POST", "/v1/ingest/falco/" + secret + "/more", falco, Map.of());
        answer("POST", "/v1/ingest/falco/" + secret, "{", Map.of());
        answer("GET", "/v1/alerts?token=" + secret, "", theirs);
        var rotated = call("POST", "/v1/tokens/" + made.path("id").asString() + "/rotation", "{}", header);
        assertThat(rotated.statusCode()).as(rotated.body()).isEqualTo(200);
        search.add(
                "rotated token",
                last(JSON.readTree(rotated.body()).path("secret").asString()));
        answer("POST", "/v1/ingest/events", json(event(mark())), theirs);
    }

    private void intelligence() throws Exception {
        var set = "{\"enabled\":true,\"per_minute\":1,\"per_day\":%d,\"key\":\"%s\"}";
        for (int perDay : new int[] {1, 0}) {
            var body = set.formatted(perDay, canary("key of a service"));
            var answer = answer("PUT", "/v1/intel-sources/greynoise", body, Map.of("Authorization", "Bearer " + own));
            assertThat(answer.statusCode()).isEqualTo(perDay == 1 ? 200 : 400);
        }
    }

    /** A sign-in provider with a client secret, which is changed, tested and signed in with; its path. */
    private String provider() throws Exception {
        var header = Map.of("Authorization", "Bearer " + own);
        var all = "/v1/identity-providers";
        var body = new HashMap<String, Object>(
                Map.of("name", "corporate", "issuer", "https://login.invalid/realms/soc", "client_id", "marsad"));
        body.put("client_secret", canary("client secret"));
        var made = answer("POST", all, json(body), header);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(answer("POST", all, json(body), header).statusCode()).isEqualTo(409);
        var id = JSON.readTree(made.body()).path("id").asString();
        var one = all + "/" + id;
        body.put("client_secret", canary("another client secret"));
        assertThat(answer("PUT", one, json(body), header).statusCode()).isEqualTo(200);
        body.remove("client_secret");
        body.put("groups_claim", "roles");
        var kept = answer("PUT", one, json(body), header);
        assertThat(JSON.readTree(kept.body()).path("has_secret").asBoolean())
                .as(kept.body())
                .isTrue();
        var wrong = new HashMap<>(body);
        wrong.put("issuer", "no issuer at all");
        wrong.put("client_secret", canary("client secret of what is refused"));
        assertThat(answer("PUT", one, json(wrong), header).statusCode()).isEqualTo(400);
        assertThat(answer("POST", all, json(wrong), header).statusCode()).isEqualTo(400);
        wrong.put("issuer", "https://user:" + canary("password in an issuer") + "@login.invalid/");
        assertThat(answer("POST", all, json(wrong), header).statusCode()).isEqualTo(400);
        var tested = answer("POST", one + "/test", "", header);
        assertThat(JSON.readTree(tested.body()).path("steps").size())
                .as(tested.body())
                .isPositive();
        answer("POST", "/v1/auth/providers/sign-in", json(Map.of("provider", id, "to", "/")), Map.of());
        answer("GET", "/v1/auth/callback?state=" + canary("state") + "&code=" + canary("code"), "", Map.of());
        return one;
    }

    /** The key of a language model, that is kept and tested. */
    private void model() throws Exception {
        var header = Map.of("Authorization", "Bearer " + own);
        var body = "{\"enabled\":true,\"provider\":\"openai\",\"url\":\"https://model.invalid/v1\",\"model\":\"m\","
                + "\"seconds\":1,\"calls_per_day\":10,\"tokens_per_day\":1000,\"key\":\"";
        var set = answer("PUT", "/v1/models/setting", body + canary("model key") + "\"}", header);
        assertThat(set.body()).contains("\"has_key\":true");
        answer("POST", "/v1/models/test", body + canary("model key that is tested") + "\"}", header);
    }

    private void wrongly() throws Exception {
        for (int i = 0; i < 3; i++) {
            answer(
                    "POST",
                    "/v1/auth/login",
                    json(Map.of("username", "admin", "password", canary("wrong password"))),
                    Map.of());
        }
        var unknown = Map.of("username", "nobody", "password", canary("nobody's password"), "tenant", "main");
        answer("POST", "/v1/auth/login", json(unknown), Map.of());
        var basic = Base64.getEncoder().encodeToString(("admin:" + canary("basic")).getBytes(StandardCharsets.UTF_8));
        for (var headers : List.of(
                Map.of("Authorization", "Bearer " + canary("bearer")),
                Map.of("Authorization", "Bearer main." + UUID.randomUUID() + "." + canary("bearer of the right form")),
                Map.of("Authorization", "Basic " + basic),
                Map.of("Authorization", canary("no scheme")),
                Map.of("Cookie", "marsad_session=" + canary("cookie") + "; __Host-marsad=" + canary("cookie")),
                Map.of("Authorization", "Bearer " + own, "X-Marsad-Csrf", canary("csrf")),
                Map.of("X-Request-Id", "x " + canary("request id")))) {
            answer("GET", "/v1/alerts", "", headers);
            answer("POST", "/v1/tokens", "{}", headers);
        }
        answer("POST", "/v1/ingest/falco/" + canary("token in a path"), "{}", Map.of());
        answer("GET", "/" + canary("no path"), "", Map.of());
    }

    /** Each operation that takes a body, with a secret wherever a name of the contract sounds like one. */
    private void routesOfTheContract() throws Exception {
        var names = Pattern.compile("[\\s{](([a-z_]*)(password|secret|token|credential|csrf|private|code)[a-z_]*): ")
                .matcher(OpenApi.text())
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        names.addAll(List.of("client_secret", "api_key", "seed"));
        assertThat(names).contains("password", "secret", "token");
        int asked = 0;
        for (var operation : OpenApi.load().operations()) {
            var body = operation.body();
            if (body == null || body.json() == null || operation.id().startsWith("ingest")) {
                continue; // what senders send is kept: it is theirs
            }
            var path = operation.path().replaceAll("\\{\\w+}", UUID.randomUUID().toString());
            var texts =
                    names.stream().collect(Collectors.toMap(name -> name, name -> canary(operation.id() + " " + name)));
            var lists = names.stream()
                    .collect(Collectors.toMap(name -> name, name -> List.of(Map.of(name, texts.get(name)))));
            var header = Map.of("Authorization", "Bearer " + own);
            answer(operation.method(), path, json(texts), header);
            answer(operation.method(), path, json(lists), header);
            answer(operation.method(), path, "{\"password\":\"" + canary(operation.id() + ", not JSON"), header);
            asked++;
        }
        assertThat(asked).isGreaterThan(15);
    }

    private void malformed() throws Exception {
        for (var request : MalformedRequests.WITH_A_SECRET) {
            var told = MalformedRequests.send(url, request.formatted(canary("malformed request")));
            answers.add(Map.entry(request, told));
        }
    }

    // ---- what is looked at

    private String command(String... words) {
        var arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--data", data.toString()));
        var out = new ByteArrayOutputStream();
        var outBefore = System.out;
        var errBefore = System.err;
        var into = new PrintStream(out, true, StandardCharsets.UTF_8);
        System.setOut(into);
        System.setErr(into);
        try {
            CommandTree.run(arguments.toArray(String[]::new));
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
