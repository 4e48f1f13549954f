package io.marsad.connect.replay;

import io.marsad.connect.manifest.Manifest;
import io.marsad.connect.manifest.ManifestReader;
import io.marsad.connect.manifest.Operation;
import io.marsad.connect.run.Connection;
import io.marsad.connect.run.ConnectorEngine;
import io.marsad.connect.run.Mode;
import io.marsad.connect.run.Outcome;
import io.marsad.connect.run.Secrets;
import io.marsad.connect.run.Verification;
import io.marsad.kernel.content.ContentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs what is recorded beside manifests: {@code x.test.yaml} of {@code x.yaml}. The clock stands at the beginning of
 * 2026, so that signatures are the same each time.
 */
public final class ConnectorTests {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final List<Failure> failures = new ArrayList<>();
    private int connectors;
    private int operations;
    private int exchanges;
    private int failed;

    /** What is not as recorded. */
    public record Failure(String file, int line, String name, String reason) {
        @Override
        public String toString() {
            return file + ":" + line + ": " + reason + "  [" + name + "]";
        }
    }

    /** What came of it. */
    public record Report(int connectors, int operations, int exchanges, int failed, List<Failure> failures) {
        /** One line. */
        public String json() {
            return "{\"connectors\":" + connectors + ",\"operations\":" + operations + ",\"exchanges\":" + exchanges
                    + ",\"failed\":" + failed + "}";
        }
    }

    private ConnectorTests() {}

    /** @param folder with manifests, or one of them */
    public static Report run(Path folder) throws IOException {
        var tests = new ConnectorTests();
        try (var server = new ReplayServer()) {
            for (Path file : ManifestReader.files(folder)) {
                tests.connector(file, server);
            }
        }
        return new Report(
                tests.connectors, tests.operations, tests.exchanges, tests.failed, List.copyOf(tests.failures));
    }

    private void connector(Path file, ReplayServer server) throws IOException {
        connectors++;
        try {
            var manifest = ManifestReader.read(file);
            operations += manifest.operations().size();
            var name = String.valueOf(file.getFileName());
            var stem = name.substring(0, name.length() - ".yaml".length());
            if (!stem.equals(manifest.name())) {
                fail(new Failure(file.toString(), 1, stem, "the connector is called '" + manifest.name() + "'"));
            }
            var recorded = file.resolveSibling(stem + ".test.yaml");
            if (!Files.exists(recorded)) {
                fail(new Failure(recorded.toString(), 0, stem, "no exchanges are recorded"));
                return;
            }
            var recording = RecordingReader.read(recorded);
            for (Recording.Exchange exchange : recording.exchanges()) {
                exchanges++;
                var reasons = replay(manifest, recording, exchange, server);
                failed += reasons.isEmpty() ? 0 : 1;
                reasons.forEach(reason ->
                        failures.add(new Failure(recording.file(), exchange.at().line(), exchange.name(), reason)));
            }
            missing(manifest, recording);
        } catch (ContentException e) {
            failed++;
            e.problems()
                    .forEach(problem ->
                            failures.add(new Failure(problem.file(), problem.line(), "refused", problem.reason())));
        }
    }

    private void fail(Failure failure) {
        failed++;
        failures.add(failure);
    }

    /** An operation that nothing is recorded of counts as one that fails. */
    private void missing(Manifest manifest, Recording recording) {
        Set<String> seen = new HashSet<>();
        for (Recording.Exchange exchange : recording.exchanges()) {
            seen.add(exchange.operation() + " " + (exchange.verifies() ? "verified " : "") + exchange.outcome());
            seen.add(exchange.outcome());
            if (exchange.rollback() != null) {
                seen.add(exchange.operation() + " rollback");
            }
        }
        var wanted = new ArrayList<String>(List.of("refused", "temporary"));
        for (Operation operation : manifest.operations().values()) {
            wanted.add(operation.name() + " succeeded");
            if (operation.verify() != null) {
                wanted.add(operation.name() + " verified confirmed");
            }
            if (operation.rollback() != null) {
                wanted.add(operation.name() + " rollback");
            }
            if (operation.idempotency() instanceof Operation.Twice) {
                seen.add("twice");
            }
        }
        if (seen.contains("twice")) {
            wanted.add("unknown");
        }
        wanted.removeAll(seen);
        wanted.forEach(none -> fail(new Failure(recording.file(), 0, none, "is not recorded: " + none)));
    }

    private static List<String> replay(
            Manifest manifest, Recording recording, Recording.Exchange exchange, ReplayServer server) {
        server.expect(exchange.requests());
        var connection = new Connection("replay", manifest, recording.config(), new Secrets(recording.secrets()));
        var engine = ConnectorEngine.replaying(server, () -> NOW);
        var reasons = new ArrayList<String>();
        if (exchange.verifies()) {
            var outputs = exchange.outputs() == null ? JsonNodeFactory.instance.objectNode() : exchange.outputs();
            var verification = engine.verify(connection, exchange.operation(), exchange.parameters(), outputs);
            var word = switch (verification) {
                case Verification.Confirmed confirmed -> "confirmed";
                case Verification.NotSo not -> "not_so";
                case Verification.Unable unable -> "unable";
            };
            differ(reasons, "outcome", exchange.outcome(), word + " " + verification, word);
        } else {
            var outcome =
                    engine.call(connection, exchange.operation(), exchange.parameters(), exchange.key(), Mode.LIVE);
            check(exchange, outcome, reasons);
            recording.secrets().values().stream()
                    .filter(secret -> secret.length() > 3 && outcome.toString().contains(secret))
                    .forEach(secret -> reasons.add("the outcome shows a secret"));
        }
        reasons.addAll(server.faults());
        return reasons;
    }

    private static void check(Recording.Exchange exchange, Outcome outcome, List<String> reasons) {
        var word = outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        differ(reasons, "outcome", exchange.outcome(), word + ": " + outcome, word);
        var said = switch (outcome) {
            case Outcome.Refused refused -> refused.reason();
            case Outcome.Temporary temporary -> temporary.reason();
            case Outcome.Unknown unknown -> unknown.reason();
            case Outcome.Succeeded succeeded -> "";
            case Outcome.Simulated simulated -> "";
        };
        var reason = exchange.reason();
        if (reason != null && !said.contains(reason)) {
            differ(reasons, "reason", reason, said, said);
        }
        var after = exchange.after();
        if (after != null
                && outcome instanceof Outcome.Temporary temporary
                && temporary.after().toSeconds() != after) {
            reasons.add("it is to be tried after " + after + " s and says " + temporary.after());
        }
        if (outcome instanceof Outcome.Succeeded succeeded) {
            ObjectNode wanted = exchange.outputs();
            if (wanted != null && !same(wanted, succeeded.outputs())) {
                reasons.add("the outputs are recorded as " + wanted + " and are " + succeeded.outputs());
            }
            if (exchange.rollback() != null) {
                var call = succeeded.rollback();
                differ(reasons, "roll-back", exchange.rollback().toString(), text(call), text(call));
            }
        }
    }

    /** By their text: a number of YAML is a long, one of an answer may be an int. */
    private static boolean same(ObjectNode one, ObjectNode other) {
        return one.equals(other) || one.toString().equals(other.toString());
    }

    private static String text(Outcome.@Nullable Call call) {
        return call == null
                ? "nothing"
                : JsonNodeFactory.instance
                        .objectNode()
                        .put("operation", call.operation())
                        .set("parameters", call.parameters())
                        .toString();
    }

    private static void differ(List<String> reasons, String what, String wanted, String shown, String got) {
        if (!wanted.equals(got)) {
            reasons.add("the " + what + " is recorded as " + wanted + " and is " + shown);
        }
    }
}
