package io.marsad.soc.tenant;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The templates that tenants are made from: {@code tenants/NAME.yaml} of the shipped content, and {@code
 * templates/tenants/NAME.yaml} of the data folder, which win over shipped ones of the same name. They are few and small and
 * read whenever somebody asks, so what is changed counts at once; one with a fault is listed with it and makes no tenant.
 *
 * <p>Thread-safe.
 */
public final class TenantTemplates {
    private static final String ENDING = ".yaml";
    private static final int MOST = 100;
    private static final int MOST_BYTES = 64 << 10;
    private static final int MOST_FAULTS = 20;

    private final List<Folder> folders;

    private record Folder(Path path, String label, boolean shipped) {}

    private TenantTemplates(List<Folder> folders) {
        this.folders = folders;
    }

    /** Those of a content folder and a data folder, which need not have any. */
    public static TenantTemplates of(Path content, Path data) {
        return new TenantTemplates(List.of(
                new Folder(content.resolve("tenants"), "content/tenants", true),
                new Folder(data.resolve("templates").resolve("tenants"), "templates/tenants", false)));
    }

    /**
     * A file.
     *
     * @param name as the file is called
     * @param shipped whether it came with the program
     * @param template null when there are faults
     * @param faults with the line of the file
     */
    public record Listed(
            String name, boolean shipped, @Nullable TenantTemplate template, List<ContentProblem> faults) {
        public Listed {
            faults = List.copyOf(faults);
        }
    }

    /**
     * What is there now.
     *
     * @param templates by name
     * @param faults of the folders themselves
     */
    public record Found(List<Listed> templates, List<ContentProblem> faults) {
        public Found {
            templates = List.copyOf(templates);
            faults = List.copyOf(faults);
        }

        /** Those of the folders and of all templates. */
        public List<ContentProblem> allFaults() {
            var all = new ArrayList<>(faults);
            templates.forEach(template -> all.addAll(template.faults));
            return all;
        }
    }

    /** Reads them all. */
    public Found read() {
        var found = new TreeMap<String, Listed>();
        var faults = new ArrayList<ContentProblem>();
        for (Folder folder : folders) {
            for (Path file : files(folder, faults)) {
                var name = name(file);
                found.put(name, read(folder, file, name)); // of the data folder after those that are shipped
            }
        }
        return new Found(List.copyOf(found.values()), faults);
    }

    /**
     * The template of this name.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code unknown-template}; 409 {@code faulty-template}, with its
     *     faults
     */
    TenantTemplate require(String name) {
        var all = read().templates();
        var listed = all.stream().filter(one -> one.name.equals(name)).findFirst();
        if (listed.isEmpty()) {
            var names = all.stream().map(Listed::name).toArray(String[]::new);
            throw Problem.badRequest(
                            "unknown-template",
                            "There is no template '" + (name.length() > 64 ? name.substring(0, 64) : name) + "'"
                                    + Suggestion.among(name, names) + ".")
                    .asException();
        }
        var template = listed.get().template;
        if (template == null) {
            var faults = listed.get().faults.stream()
                    .map(fault -> new Problem.Fault(where(fault), fault.reason()))
                    .toList();
            var detail = "The template '" + name + "' has faults and makes no tenant until they are mended.";
            throw new Problem("faulty-template", 409, "Conflict", detail, faults).asException();
        }
        return template;
    }

    /** The place of a fault: {@code file:line}. */
    public static String where(ContentProblem fault) {
        return fault.line() > 0 ? fault.file() + ":" + fault.line() : fault.file();
    }

    private static String name(Path file) {
        var name = file.getFileName().toString();
        return name.substring(0, name.length() - ENDING.length());
    }

    private static List<Path> files(Folder folder, List<ContentProblem> faults) {
        if (!Files.isDirectory(folder.path)) {
            return List.of();
        }
        try (var children = Files.list(folder.path)) {
            var files = children.filter(TenantTemplates::isTemplate).sorted().toList();
            if (files.size() > MOST) {
                faults.add(new ContentProblem(
                        folder.label, 0, "only the first " + MOST + " of " + files.size() + " templates are read"));
            }
            return files.subList(0, Math.min(MOST, files.size()));
        } catch (IOException e) {
            faults.add(new ContentProblem(folder.label, 0, unreadable(e)));
            return List.of();
        }
    }

    private static boolean isTemplate(Path file) {
        var name = file.getFileName().toString();
        return name.endsWith(ENDING) && !name.startsWith(".");
    }

    private static Listed read(Folder folder, Path file, String name) {
        var label = folder.label + "/" + file.getFileName();
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new ContentException(label, 0, "larger than " + (MOST_BYTES >> 10) + " KiB");
            }
            return new Listed(name, folder.shipped, TemplateReader.read(label, name, bytes), List.of());
        } catch (ContentException e) {
            var faults = e.problems();
            return new Listed(name, folder.shipped, null, faults.subList(0, Math.min(MOST_FAULTS, faults.size())));
        } catch (IOException e) {
            return new Listed(name, folder.shipped, null, List.of(new ContentProblem(label, 0, unreadable(e))));
        }
    }

    private static String unreadable(IOException e) {
        return "cannot be read (" + e.getClass().getSimpleName() + ")";
    }
}
