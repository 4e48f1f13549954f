package io.marsad.agent.collect.windows;

import io.marsad.agent.collect.HostSession;
import io.marsad.agent.collect.InventoryTable;
import io.marsad.agent.collect.Programs;
import io.marsad.agent.collect.Table;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sessions of CIM, and software of the registry. */
record WindowsInventory(Programs programs) implements InventoryTable.Host {
    @Override
    public @Nullable Table<HostSession, HostSession> sessions() {
        var said = programs.at(Cim.SESSIONS);
        if (said == null) {
            return null;
        }
        var table = Cim.sessions(said);
        // The desktop's own accounts are there for each session; nobody logs in as one.
        table.rows().keySet().removeIf(one -> one.user().matches("(DWM|UMFD)-[0-9]+"));
        return table;
    }

    @Override
    public @Nullable Table<String, List<String>> software() {
        var all = new LinkedHashMap<String, List<String>>();
        int refused = 0;
        for (var command : UninstallKeys.COMMANDS) {
            var said = programs.at(command);
            if (said == null) {
                return null; // half of it would make the other half gone
            }
            var read = UninstallKeys.parse(said);
            read.rows().forEach((name, versions) -> versions.forEach(one -> InventoryTable.add(all, name, one)));
            refused += read.refused();
        }
        return new Table<>(all, refused);
    }

    @Override
    public long refusals() {
        return programs.refusals();
    }
}
