package io.marsad.soc.stage;

import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Detection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The stages of the rules that found something, as they are in the transaction that raises alerts: one short question, and
 * nothing more as long as all are active. One transaction's.
 */
public final class Staging {
    private final Connection connection;
    private final TenantId tenant;
    private final Map<String, Stage> others;

    private Staging(Connection connection, TenantId tenant, Map<String, Stage> others) {
        this.connection = connection;
        this.tenant = tenant;
        this.others = others;
    }

    /** @param rules ids of those that found something */
    public static Staging of(Connection connection, TenantId tenant, Collection<String> rules) throws SQLException {
        var others = rules.isEmpty() ? Map.<String, Stage>of() : StageRows.notActive(connection, tenant, rules);
        return new Staging(connection, tenant, others);
    }

    public boolean disabled(String rule) {
        return others.get(rule) == Stage.DISABLED;
    }

    /** Keeps what rules in the shadow found, and returns what is to become alerts. */
    public List<Detection> heard(List<Detection> detections) throws SQLException {
        if (others.isEmpty()) {
            return detections;
        }
        var heard = new ArrayList<Detection>(detections.size());
        var shadowed = new ArrayList<Detection>();
        for (Detection one : detections) {
            switch (others.getOrDefault(one.rule().id(), Stage.ACTIVE)) {
                case ACTIVE -> heard.add(one);
                case SHADOW -> shadowed.add(one);
                case DISABLED -> {}
            }
        }
        if (!shadowed.isEmpty()) {
            ShadowRows.add(connection, tenant, shadowed);
        }
        return heard;
    }
}
