package io.marsad.server.node;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.sigma.Placeholders;
import io.marsad.sigma.TenantLists;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * The lists for rules with {@code expand}: {@code lists/} of the content and of the data folder are everybody's, {@code
 * tenants/NAME/lists/} of the data folder are a tenant's own.
 */
final class InstallationLists {
    private InstallationLists() {}

    /** @throws ContentException with every fault of every file */
    static TenantLists read(Path content, Path data) throws ContentException, IOException {
        var problems = new ArrayList<ContentProblem>();
        var everybodys = read(List.of(content.resolve("lists"), data.resolve("lists")), problems);
        var own = new HashMap<TenantId, Placeholders>();
        for (Path folder : folders(data.resolve("tenants"))) {
            var lists = folder.resolve("lists");
            if (!Files.isDirectory(lists)) {
                continue;
            }
            try {
                own.put(new TenantId(folder.getFileName().toString()), read(List.of(lists), problems));
            } catch (IllegalArgumentException e) {
                problems.add(new ContentProblem(lists.toString(), 0, String.valueOf(e.getMessage())));
            }
        }
        if (!problems.isEmpty()) {
            throw new ContentException(problems);
        }
        return new TenantLists(everybodys.assuming(), own);
    }

    private static Placeholders read(List<Path> paths, List<ContentProblem> problems) throws IOException {
        try {
            return Placeholders.load(paths);
        } catch (ContentException e) {
            problems.addAll(e.problems());
            return Placeholders.NONE;
        }
    }

    private static List<Path> folders(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (var children = Files.list(parent)) {
            return children.filter(Files::isDirectory).sorted().toList();
        }
    }
}
