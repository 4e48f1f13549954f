package io.marsad.server.node;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.sigma.Placeholders;
import io.marsad.sigma.TenantLists;
import io.marsad.store.query.lists.ListTable;
import io.marsad.store.query.lists.TenantTables;
import io.marsad.store.query.run.Lookups.LookupList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The lists for rules and searches: YAML files with values for rules with {@code expand}, CSV files with tables for {@code
 * lookup}. The lists for rules with {@code expand}: {@code lists/} of the content and of the data folder are everybody's, {@code
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

    /**
     * What {@code lookup} may ask: the tables, and the values that are for rules.
     *
     * @throws ContentException with every fault of every table
     */
    static TenantTables tables(Path content, Path data) throws ContentException, IOException {
        var values = read(content, data);
        var problems = new ArrayList<ContentProblem>();
        var everybodys =
                tables(List.of(content.resolve("lists"), data.resolve("lists")), values.installation(), problems);
        var own = new HashMap<TenantId, Map<String, LookupList>>();
        for (Path folder : folders(data.resolve("tenants"))) {
            var lists = folder.resolve("lists");
            if (Files.isDirectory(lists)) {
                var tenant = new TenantId(folder.getFileName().toString()); // that it is one was seen above
                own.put(tenant, tables(List.of(lists), values.own().getOrDefault(tenant, Placeholders.NONE), problems));
            }
        }
        if (!problems.isEmpty()) {
            throw new ContentException(problems);
        }
        return new TenantTables(everybodys, own);
    }

    private static Map<String, LookupList> tables(
            List<Path> folders, Placeholders values, List<ContentProblem> problems) throws IOException {
        var tables = new HashMap<String, LookupList>();
        values.lists().forEach((name, list) -> tables.put(name, ListTable.ofValues(list)));
        try {
            tables.putAll(TenantTables.read(folders));
        } catch (ContentException e) {
            problems.addAll(e.problems());
        }
        return tables;
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
