package io.marsad.connect.manifest;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/** Reads manifests; one with a fault is refused with all of its faults. Stateless. */
public final class ManifestReader {
    private ManifestReader() {}

    /** The manifest of a file. */
    public static Manifest read(java.nio.file.Path file) throws ContentException, IOException {
        return read(file.toString(), YamlReader.read(file));
    }

    /** The manifest of a text. */
    public static Manifest read(String file, String text) throws ContentException {
        return read(file, YamlReader.read(file, text));
    }

    /** The manifests' files of a folder, or the file that it is, by name. */
    public static List<java.nio.file.Path> files(java.nio.file.Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of(folder);
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml")
                            && !file.toString().endsWith(".test.yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static Manifest read(String file, List<YamlNode> documents) throws ContentException {
        if (documents.size() != 1) {
            throw new ContentException(file, 0, "a manifest is one document");
        }
        var in = documents.getFirst().asMapping();
        var faults = new Faults();
        faults.or(true, () -> {
            in.allowOnly(
                    "connector",
                    "version",
                    "title",
                    "documentation",
                    "description",
                    "config",
                    "secrets",
                    "base",
                    "auth",
                    "limits",
                    "retry",
                    "answers",
                    "errors",
                    "test",
                    "operations");
            return true;
        });
        var answers = faults.or(Operation.Format.JSON, () -> {
            var node = in.get("answers");
            return node == null ? Operation.Format.JSON : Pieces.word(node, Operation.Format.values());
        });
        var common = faults.or(List.<Operation.ErrorRule>of(), () -> OperationReader.errors(in, "errors"));
        var operations = faults.or(
                Map.<String, Operation>of(),
                () -> Pieces.map(
                        in.require("operations").asMapping(),
                        faults,
                        new OperationReader(faults, common, answers)::read));
        var manifest = new Manifest(
                faults.or("", () -> in.requireText("connector")),
                faults.or(1, () -> Pieces.integer(in, "version", 1, 1, 1_000_000)),
                faults.or("", () -> in.requireText("title")),
                faults.or("", () -> documentation(in)),
                faults.or("", () -> in.requireText("description")),
                faults.or(Map.of(), () -> Pieces.map(in.mapping("config"), faults, Pieces::input)),
                faults.or(Map.of(), () -> Pieces.map(in.mapping("secrets"), faults, ManifestReader::secret)),
                faults.or(Text.literal("https://invalid"), () -> Pieces.text(in.require("base"))),
                faults.or(new Auth.None(), () -> new AuthReader(faults).read(in.require("auth"))),
                faults.or(new Manifest.Limits(60, 4), () -> limits(in)),
                faults.or(new Manifest.Retry(3, 500), () -> retry(in)),
                faults.or("", () -> in.requireText("test")),
                operations);
        new ManifestChecks(manifest, in, faults).run();
        faults.end();
        return manifest;
    }

    private static String documentation(YamlNode.Mapping in) throws ContentException {
        var url = in.requireText("documentation");
        if (!url.startsWith("https://")) {
            throw in.require("documentation").fault("the vendor's document is an https address");
        }
        return url;
    }

    private static Manifest.SecretInput secret(String name, YamlNode node) throws ContentException {
        var in = node.asMapping();
        in.allowOnly("description", "find", "required");
        return new Manifest.SecretInput(
                Pieces.name(name, node),
                in.requireText("description"),
                in.requireText("find"),
                in.get("required") == null || Pieces.flag(in, "required"));
    }

    private static Manifest.Limits limits(YamlNode.Mapping of) throws ContentException {
        var in = of.require("limits").asMapping();
        in.allowOnly("requests_per_minute", "concurrency");
        in.require("requests_per_minute");
        return new Manifest.Limits(
                Pieces.integer(in, "requests_per_minute", 60, 1, 100_000),
                Pieces.integer(in, "concurrency", 4, 1, 100));
    }

    private static Manifest.Retry retry(YamlNode.Mapping of) throws ContentException {
        var in = of.mapping("retry");
        if (in == null) {
            return new Manifest.Retry(3, 500);
        }
        in.allowOnly("attempts", "wait_ms");
        return new Manifest.Retry(
                Pieces.integer(in, "attempts", 3, 1, 5), Pieces.integer(in, "wait_ms", 500, 1, 10_000));
    }
}
