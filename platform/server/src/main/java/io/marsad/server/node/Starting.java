package io.marsad.server.node;

import io.marsad.api.suppressions.QueryConditions;
import io.marsad.db.Database;
import io.marsad.db.outbox.OutboxRunner.Following;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.durable.PlaybookShelf;
import io.marsad.respond.trigger.Triggers;
import java.time.InstantSource;

/** Playbooks that alerts, cases and times start. */
final class Starting {
    private Starting() {}

    static Following following(Database database, InstantSource clock) {
        var conditions = new QueryConditions();
        var shelf = new PlaybookShelf(new PlaybookReader(Catalogue.standard(), conditions));
        return new Triggers(database, shelf, conditions, clock).following();
    }
}
