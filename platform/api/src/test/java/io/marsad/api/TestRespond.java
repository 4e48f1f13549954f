package io.marsad.api;

import io.marsad.api.respond.RespondServices;
import io.marsad.db.Database;
import io.marsad.kernel.content.ContentException;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.durable.PlaybookShelf;
import io.marsad.respond.service.Actions;
import io.marsad.respond.service.PlaybookRuns;
import io.marsad.respond.service.Playbooks;
import io.marsad.respond.service.ResponsePolicies;
import io.marsad.respond.service.ShippedPlaybooks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/** Playbooks of a {@link TestNode}: those that are shipped. */
final class TestRespond {
    private TestRespond() {}

    static RespondServices services(Database database, InstantSource clock) throws IOException {
        var catalogue = Catalogue.standard();
        var reader = new PlaybookReader(catalogue);
        var playbooks = new Playbooks(database, reader, new PlaybookShelf(reader), shipped(reader), clock);
        var actions = new Actions(database, catalogue, playbooks, clock);
        var runs = new PlaybookRuns(database, playbooks, actions, clock);
        return new RespondServices(playbooks, runs, actions, new ResponsePolicies(database, clock));
    }

    private static ShippedPlaybooks shipped(PlaybookReader reader) throws IOException {
        try {
            var root = Path.of(System.getProperty("marsad.root", "."));
            return ShippedPlaybooks.read(root.resolve("content/playbooks"), reader);
        } catch (ContentException e) {
            throw new IllegalStateException(e);
        }
    }
}
