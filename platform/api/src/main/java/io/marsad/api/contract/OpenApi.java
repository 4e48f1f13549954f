package io.marsad.api.contract;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The contract, {@code api/openapi.yaml}, read from the resource that the build makes of it. The one place that says what
 * permission and tenancy a route has; the router asks here.
 *
 * <p>Immutable.
 */
public final class OpenApi {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final String version;
    private final List<Operation> operations;

    private OpenApi(String version, List<Operation> operations) {
        this.version = version;
        this.operations = List.copyOf(operations);
    }

    /** The contract of this build. */
    public static OpenApi load() {
        return read(text());
    }

    /** The contract's text, as it is in the source tree. */
    public static String text() {
        try (var in = OpenApi.class.getResourceAsStream("openapi.yaml")) {
            if (in == null) {
                throw new IllegalStateException("the build left out the API contract");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalStateException when the text is no contract that the router can hold to, with file and line */
    public static OpenApi read(String yaml) {
        try {
            var root = YamlReader.read("openapi.yaml", yaml).getFirst().asMapping();
            return new Reader(root).read();
        } catch (ContentException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    public String version() {
        return version;
    }

    public List<Operation> operations() {
        return operations;
    }

    private record Reader(YamlNode.Mapping root) {

        OpenApi read() throws ContentException {
            var operations = new ArrayList<Operation>();
            var ids = new HashSet<String>();
            for (var path : root.require("paths").asMapping().entries()) {
                for (var method : path.value().asMapping().entries()) {
                    if (!METHODS.contains(method.key())) {
                        throw method.value().fault("'" + method.key() + "' is no method that is served");
                    }
                    var operation =
                            operation(path.key(), method.key(), method.value().asMapping());
                    if (!ids.add(operation.id())) {
                        throw method.value().fault("the operationId '" + operation.id() + "' is there twice");
                    }
                    operations.add(operation);
                }
            }
            return new OpenApi(root.require("info").asMapping().requireText("version"), operations);
        }

        private Operation operation(String path, String method, YamlNode.Mapping at) throws ContentException {
            var tenancy = tenancy(at.require("x-tenancy"));
            var permission = at.requireText("x-permission");
            var own = at.get("security");
            var credentials = credentials(own == null ? root.require("security") : own);
            boolean inPath = path.contains("{token}");
            if (tenancy == Tenancy.TENANT && credentials.isEmpty() && !inPath) {
                throw at.fault("a route on a tenant's data asks for a credential");
            }
            if (credentials.contains(Operation.THIS_MACHINE)
                    && (tenancy != Tenancy.OPERATOR || !method.equals("get"))) {
                throw at.fault("only an operator's route that reads may be open to this machine");
            }
            if (tenancy == Tenancy.PUBLIC && (!credentials.isEmpty() || !permission.equals("none"))) {
                throw at.fault("a public route asks for no credential and no permission");
            }
            return new Operation(
                    at.requireText("operationId"),
                    method.toUpperCase(Locale.ROOT),
                    path,
                    permission.equals("none") ? null : permission,
                    tenancy,
                    credentials,
                    parameters(at),
                    body(at.get("requestBody")),
                    statuses(at));
        }

        private Set<String> credentials(YamlNode at) throws ContentException {
            var schemes = new HashSet<String>();
            for (YamlNode alternative : at.asList()) {
                var entries = alternative.asMapping().entries();
                if (entries.isEmpty()) {
                    schemes.add(Operation.THIS_MACHINE);
                }
                for (var scheme : entries) {
                    if (!scheme.key().equals(Operation.SESSION) && !scheme.key().equals(Operation.TOKEN)) {
                        throw alternative.fault("a credential is a session or a token");
                    }
                    schemes.add(scheme.key());
                }
            }
            return schemes;
        }

        private Tenancy tenancy(YamlNode at) throws ContentException {
            return switch (at.asText()) {
                case "tenant" -> Tenancy.TENANT;
                case "public" -> Tenancy.PUBLIC;
                case "operator" -> Tenancy.OPERATOR;
                default -> throw at.fault("x-tenancy is tenant, public or operator");
            };
        }

        private List<Parameter> parameters(YamlNode.Mapping at) throws ContentException {
            var list = at.get("parameters");
            var parameters = new ArrayList<Parameter>();
            for (YamlNode node : list == null ? List.<YamlNode>of() : list.asList()) {
                var parameter = Schema.resolve(root, node.asMapping());
                var in = Parameter.In.valueOf(parameter.requireText("in").toUpperCase(Locale.ROOT));
                boolean required = "true".equals(parameter.text("required"));
                var schema = Schema.of(root, parameter.require("schema").asMapping());
                parameters.add(new Parameter(parameter.requireText("name"), in, required, schema));
            }
            return parameters;
        }

        private Operation.@Nullable Body body(@Nullable YamlNode at) throws ContentException {
            if (at == null) {
                return null;
            }
            var types = new HashSet<String>();
            Schema json = null;
            for (var entry : at.asMapping().require("content").asMapping().entries()) {
                types.add(entry.key());
                if (entry.key().equals("application/json")) {
                    json = Schema.of(
                            root, entry.value().asMapping().require("schema").asMapping());
                }
            }
            return new Operation.Body("true".equals(at.asMapping().text("required")), types, json);
        }

        private Set<Integer> statuses(YamlNode.Mapping at) throws ContentException {
            var statuses = new HashSet<Integer>();
            for (var entry : at.require("responses").asMapping().entries()) {
                statuses.add(Integer.valueOf(entry.key()));
            }
            return statuses;
        }
    }
}
