package io.marsad.server.node;

import io.marsad.server.config.Config;
import io.marsad.soc.tenant.TenantTemplates;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What tenants of an installation can be made from. A fault in it keeps nothing from starting, and is said. */
final class InstallationTemplates {
    private static final Logger LOG = LoggerFactory.getLogger(InstallationTemplates.class);
    private static final int MOST_TOLD = 20;

    private InstallationTemplates() {}

    static TenantTemplates open(Config config, Consumer<String> say) {
        var templates = TenantTemplates.of(config.content(), config.data());
        var faults = templates.read().allFaults();
        faults.stream().limit(MOST_TOLD).forEach(fault -> {
            say.accept("  refused: " + fault);
            LOG.warn("a template of tenants is refused: {}", fault);
        });
        if (faults.size() > MOST_TOLD) {
            say.accept("  refused: " + (faults.size() - MOST_TOLD) + " more: ./marsad tenant templates");
        }
        return templates;
    }
}
