package io.marsad.connect.manifest;

import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.content.YamlNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the parts of a manifest fit each other, so that nothing is missing only when it is needed. */
final class ManifestChecks {
    private final Manifest manifest;
    private final YamlNode.Mapping file;
    private final Faults faults;

    ManifestChecks(Manifest manifest, YamlNode.Mapping file, Faults faults) {
        this.manifest = manifest;
        this.file = file;
        this.faults = faults;
    }

    void run() {
        base();
        auth();
        var test = manifest.operation(manifest.test());
        if (test == null || test.writes()) {
            faults.add(at("test"), "'test' names no operation that reads");
        } else if (test.parameters().values().stream().anyMatch(Input::required)) {
            faults.add(at("test"), "'test' needs parameters that nobody gives");
        }
        manifest.operations().values().forEach(operation -> {
            var node = node(operation.name());
            check(operation, node);
            follow(operation, operation.rollback(), node, "rollback");
            follow(operation, operation.verify(), node, "verify");
        });
    }

    private YamlNode at(String key) {
        var node = file.get(key);
        return node == null ? file : node;
    }

    private YamlNode node(String operation) {
        var node = at("operations") instanceof YamlNode.Mapping all ? all.get(operation) : null;
        return node == null ? file : node;
    }

    /** What a tenant fills in is all of the address, or one name inside a host. */
    private void base() {
        var parts = manifest.base().parts();
        var first = parts.isEmpty() ? null : parts.getFirst();
        boolean whole = first != null && first.ref() != null && type(first.ref()) == ValueType.URL;
        if (!whole && (first == null || !first.literal().startsWith("https://"))) {
            faults.add(at("base"), "'base' begins with https:// or is a setting of type url");
        }
        refs(manifest.base(), at("base"), Set.of(Ref.Source.CONFIG), null, Set.of());
    }

    private @Nullable ValueType type(Ref ref) {
        var input = ref.source() == Ref.Source.CONFIG ? manifest.config().get(ref.name()) : null;
        return input == null ? null : input.type();
    }

    private void auth() {
        var node = at("auth");
        var texts = new ArrayList<Text>();
        switch (manifest.auth()) {
            case Auth.None none -> {}
            case Auth.Header header -> secret(header.secret(), node);
            case Auth.Query query -> secret(query.secret(), node);
            case Auth.Basic basic -> {
                texts.add(basic.user());
                secret(basic.secret(), node);
            }
            case Auth.ClientCredentials client -> {
                texts.add(client.tokenUrl());
                texts.add(client.client());
                texts.addAll(client.form().values());
                secret(client.secret(), node);
            }
            case Auth.JwtBearer jwt -> {
                texts.add(jwt.tokenUrl());
                texts.addAll(jwt.claims().values());
                texts.addAll(jwt.form().values());
                if (jwt.keyId() != null) {
                    texts.add(jwt.keyId());
                }
                secret(jwt.secret(), node);
            }
            case Auth.SigV4 aws -> {
                texts.add(aws.region());
                secret(aws.accessKey(), node);
                secret(aws.secretKey(), node);
                if (aws.sessionToken() != null) {
                    secret(aws.sessionToken(), node);
                }
            }
            case Auth.Hmac hmac -> secret(hmac.secret(), node);
        }
        for (Text text : texts) {
            refs(text, node, Set.of(Ref.Source.CONFIG, Ref.Source.SECRETS), null, Set.of());
        }
    }

    private void secret(String name, YamlNode node) {
        if (!manifest.secrets().containsKey(name)) {
            unknown(node, "secret", name, manifest.secrets().keySet());
        }
    }

    private void check(Operation operation, YamlNode node) {
        var sources = Set.of(
                Ref.Source.PARAMETERS,
                Ref.Source.CONFIG,
                Ref.Source.SECRETS,
                Ref.Source.STEPS,
                Ref.Source.IDEMPOTENCY_KEY);
        var before = new HashSet<String>();
        boolean keyed = false;
        int writes = 0;
        for (Operation.Step step : operation.steps()) {
            var texts = Texts.of(step);
            for (Text text : texts) {
                refs(text, node, sources, operation, before);
                keyed |= text.refs().stream().anyMatch(ref -> ref.source() == Ref.Source.IDEMPOTENCY_KEY);
            }
            path(step.request().path(), operation, node);
            if (step.pagination() != null && (step.writes() || operation.steps().size() > 1)) {
                faults.add(node, "only an operation of one request that reads has pages");
            }
            if (step.writes()) {
                writes++;
            } else if (!step.request().method().equals("GET")
                    && !step.request().method().equals("POST")) {
                faults.add(node, "a step that reads is a GET or a POST");
            }
            step.outputs().keySet().forEach(output -> before.add(step.name() + "." + output));
        }
        operation.outputs().values().forEach(output -> {
            if (output.value() != null) {
                refs(output.value(), node, sources, operation, before);
            }
        });
        if (operation.writes() && writes == 0) {
            faults.add(node, "an operation that writes has a step that does");
        }
        if (operation.idempotency() instanceof Operation.Twice && writes > 1) {
            faults.add(node, "of an operation that must not be repeated one step can write, not " + writes);
        }
        if (operation.idempotency() instanceof Operation.Keyed key && key.header() == null && !keyed) {
            faults.add(node, "idempotency: key, but ${idempotency_key} is nowhere in the request");
        }
    }

    /** A value that may not be there cannot be a part of a path. */
    private void path(Text path, Operation operation, YamlNode node) {
        for (Ref ref : path.refs()) {
            var input = ref.source() == Ref.Source.PARAMETERS
                    ? operation.parameters().get(ref.name())
                    : ref.source() == Ref.Source.CONFIG ? manifest.config().get(ref.name()) : null;
            if (input != null && (input.list() || !input.required() && input.fallback() == null)) {
                faults.add(node, "'" + ref + "' stands in a path: it is required, or has a default, and is no list");
            }
        }
    }

    private void follow(Operation operation, Operation.@Nullable Follow follow, YamlNode node, String what) {
        if (follow == null) {
            return;
        }
        var other = manifest.operation(follow.operation());
        if (other == null) {
            unknown(node, "operation", follow.operation(), manifest.operations().keySet());
            return;
        }
        if (what.equals("verify") == other.writes()) {
            faults.add(node, "'" + what + "' calls an operation that " + (other.writes() ? "writes" : "reads"));
        }
        for (String name : follow.parameters().keySet()) {
            if (!other.parameters().containsKey(name)) {
                unknown(
                        node,
                        "parameter of " + other.name(),
                        name,
                        other.parameters().keySet());
            }
        }
        for (Input input : other.parameters().values()) {
            if (input.required() && !follow.parameters().containsKey(input.name())) {
                faults.add(node, "'" + what + "' calls " + other.name() + " without its '" + input.name() + "'");
            }
        }
        var texts = new ArrayList<Text>();
        follow.parameters().values().forEach(tree -> Texts.add(tree, texts));
        Texts.add(follow.expect(), texts);
        var sources = Set.of(Ref.Source.PARAMETERS, Ref.Source.CONFIG, Ref.Source.OUTPUTS);
        texts.forEach(text -> refs(text, node, sources, operation, Set.of()));
    }

    private void refs(
            Text text, YamlNode node, Set<Ref.Source> sources, @Nullable Operation operation, Set<String> steps) {
        for (Ref ref : text.refs()) {
            if (!sources.contains(ref.source())) {
                faults.add(node, "'${" + ref + "}' has no value here");
                continue;
            }
            var names = names(ref, operation, steps);
            var wanted = ref.source() == Ref.Source.STEPS ? ref.step() + "." + ref.name() : ref.name();
            if (names != null && !names.contains(wanted)) {
                unknown(node, "value for ${" + ref + "}", wanted, names);
            }
        }
    }

    private @Nullable Collection<String> names(Ref ref, @Nullable Operation operation, Set<String> steps) {
        Map<String, ?> none = Map.of();
        return switch (ref.source()) {
            case CONFIG -> manifest.config().keySet();
            case SECRETS -> manifest.secrets().keySet();
            case PARAMETERS -> (operation == null ? none : operation.parameters()).keySet();
            case OUTPUTS -> (operation == null ? none : operation.outputs()).keySet();
            case STEPS -> steps;
            case IDEMPOTENCY_KEY -> null;
        };
    }

    private void unknown(YamlNode node, String what, String name, Collection<String> known) {
        var near = Suggestion.among(name, List.copyOf(known).toArray(String[]::new));
        faults.add(node, "there is no " + what + " '" + name + "'" + near);
    }
}
