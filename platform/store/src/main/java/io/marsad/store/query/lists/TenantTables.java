package io.marsad.store.query.lists;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.store.query.run.Lookups;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The lists of all tenants: the installation's, and a tenant's own, which take the place of the installation's of the same
 * name and are nobody else's. Immutable, thread-safe.
 */
public record TenantTables(Map<String, LookupList> installation, Map<TenantId, Map<String, LookupList>> own)
        implements Lookups {
    private static final int MOST_BYTES = 64 << 20;
    private static final String NAME = "[A-Za-z0-9_.-]{1,64}";
    private static final String ENDING = ".csv";

    public TenantTables {
        installation = Map.copyOf(installation);
        own = Map.copyOf(own);
    }

    @Override
    public @Nullable LookupList find(TenantId tenant, String name) {
        var ours = own.getOrDefault(tenant, Map.of()).get(name);
        return ours != null ? ours : installation.get(name);
    }

    @Override
    public List<String> names(TenantId tenant) {
        var names = new TreeSet<>(installation.keySet());
        names.addAll(own.getOrDefault(tenant, Map.of()).keySet());
        return List.copyOf(names);
    }

    /**
     * The tables of folders: {@code NAME.csv} is the list of that name. What comes later wins; folders that are not there
     * are passed over.
     *
     * @throws ContentException with every fault of every file
     */
    public static Map<String, LookupList> read(List<Path> folders) throws ContentException, IOException {
        var tables = new HashMap<String, LookupList>();
        var faults = new ArrayList<ContentProblem>();
        for (var folder : folders) {
            for (var file : files(folder)) {
                try {
                    var name = file.getFileName().toString();
                    tables.put(name.substring(0, name.length() - ENDING.length()), table(file));
                } catch (ContentException e) {
                    faults.addAll(e.problems());
                }
            }
        }
        if (!faults.isEmpty()) {
            throw new ContentException(faults);
        }
        return tables;
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().endsWith(ENDING))
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    private static ListTable table(Path file) throws ContentException, IOException {
        var name = file.getFileName().toString();
        if (!name.substring(0, name.length() - ENDING.length()).matches(NAME)) {
            throw new ContentException(
                    file.toString(), 0, "the name of a list has 1 to 64 letters, digits, _, . and -");
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new ContentException(file.toString(), 0, "a list is at most " + (MOST_BYTES >> 20) + " MiB");
        }
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file)));
            return ListTable.parse(file.toString(), text.toString());
        } catch (CharacterCodingException e) {
            throw new ContentException(file.toString(), 0, "is not UTF-8");
        }
    }
}
