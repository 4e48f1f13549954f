package io.marsad.server.node;

import io.marsad.api.respond.RespondServices;
import io.marsad.db.Database;
import io.marsad.db.outbox.OutboxRunner.Following;
import io.marsad.kernel.content.ContentException;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.durable.ActionFollower;
import io.marsad.respond.durable.ActionProvider;
import io.marsad.respond.durable.ActionRequests;
import io.marsad.respond.durable.PlaybookShelf;
import io.marsad.respond.durable.RunFollower;
import io.marsad.respond.durable.Runs;
import io.marsad.respond.service.Actions;
import io.marsad.respond.service.PlaybookRuns;
import io.marsad.respond.service.Playbooks;
import io.marsad.respond.service.ResponsePolicies;
import io.marsad.respond.service.ShippedPlaybooks;
import io.marsad.server.config.Config;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Playbooks, who goes on with their runs, and who has actions done. */
record Responding(RespondServices services, List<Following> followings) {
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration ACTION_LEASE = Duration.ofMinutes(5);
    private static final int RUNS_AT_ONCE = 100;
    private static final int ACTIONS_AT_ONCE = 20;
    private static final int TENANTS = 4;

    static Responding open(Config config, Database database, InstantSource clock) throws IOException, ContentException {
        var catalogue = Catalogue.standard();
        var reader = new PlaybookReader(catalogue);
        var shelf = new PlaybookShelf(reader);
        var policies = new ResponsePolicies(database, catalogue, clock);
        var requests = new ActionRequests(catalogue, policies);
        var shipped = ShippedPlaybooks.read(config.content().resolve("playbooks"), reader);
        var playbooks = new Playbooks(database, reader, shelf, shipped, clock);
        var actions = new Actions(database, catalogue, requests, playbooks, clock);
        var runs = new PlaybookRuns(database, shelf, playbooks, actions, clock);
        return new Responding(
                new RespondServices(playbooks, runs, actions, policies),
                List.of(
                        new Following(
                                Runs.QUEUE,
                                new RunFollower(database, shelf, requests, clock),
                                RUNS_AT_ONCE,
                                LEASE,
                                TENANTS),
                        new Following(
                                ActionRequests.QUEUE,
                                new ActionFollower(database, new Nobody(), clock),
                                ACTIONS_AT_ONCE,
                                ACTION_LEASE,
                                TENANTS)));
    }

    /** Carries nothing out, and says so. */
    private static final class Nobody implements ActionProvider {
        @Override
        public Result perform(Order order) {
            return new Result.Failed("nothing carries out " + order.action(), false);
        }

        @Override
        public Result settle(Order order) {
            return perform(order);
        }
    }
}
