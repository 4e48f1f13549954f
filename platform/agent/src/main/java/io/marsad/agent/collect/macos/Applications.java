package io.marsad.agent.collect.macos;

import io.marsad.agent.collect.Found;
import io.marsad.agent.collect.InventoryTable;
import io.marsad.agent.collect.Table;
import java.util.LinkedHashMap;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Applications and their versions, as {@code system_profiler} has them. */
final class Applications {
    static final List<String> COMMAND =
            List.of("/usr/sbin/system_profiler", "SPApplicationsDataType", "-json", "-detailLevel", "basic");

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int PACKAGES = 50_000;

    private Applications() {}

    static Table<String, List<String>> parse(byte[] said) {
        var rows = new LinkedHashMap<String, List<String>>();
        JsonNode all;
        try {
            all = JSON.readTree(said).path("SPApplicationsDataType");
        } catch (JacksonException e) {
            return new Table<>(rows, 1);
        }
        int refused = all.isArray() ? 0 : 1;
        for (var one : all) {
            var name = Found.cut(one.path("_name").asString("").strip(), 500);
            if (name.isEmpty() || rows.size() == PACKAGES) {
                refused++;
            } else {
                InventoryTable.add(
                        rows, name, Found.cut(one.path("version").asString("").strip(), 500));
            }
        }
        return new Table<>(rows, refused);
    }
}
