package io.marsad.server.node;

import io.marsad.api.intel.IntelServices;
import io.marsad.api.respond.ChatServices;
import io.marsad.api.respond.RespondServices;
import io.marsad.api.suppressions.QueryConditions;
import io.marsad.db.Database;
import io.marsad.db.outbox.OutboxRunner.Following;
import io.marsad.db.vault.Vault;
import io.marsad.kernel.content.ContentException;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.chat.ChatAnswers;
import io.marsad.respond.chat.ChatDoor;
import io.marsad.respond.chat.ChatPeople;
import io.marsad.respond.chat.ChatPrompts;
import io.marsad.respond.connection.SharedSecrets;
import io.marsad.respond.durable.ActionRequests;
import io.marsad.respond.durable.PlaybookShelf;
import io.marsad.respond.durable.RunFollower;
import io.marsad.respond.durable.RunWorkers;
import io.marsad.respond.durable.Verifications;
import io.marsad.respond.link.ApprovalLinks;
import io.marsad.respond.link.ApprovalMail;
import io.marsad.respond.link.ApprovalPrompts;
import io.marsad.respond.link.LinkKeys;
import io.marsad.respond.link.Questions;
import io.marsad.respond.provide.EventQuestions;
import io.marsad.respond.service.Actions;
import io.marsad.respond.service.DryRuns;
import io.marsad.respond.service.PlaybookRuns;
import io.marsad.respond.service.Playbooks;
import io.marsad.respond.service.ResponsePolicies;
import io.marsad.respond.service.ShippedPlaybooks;
import io.marsad.respond.service.Webhooks;
import io.marsad.server.config.Config;
import io.marsad.soc.alert.Alerts;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Playbooks, who goes on with their runs, and who has actions done. */
record Responding(RespondServices services, List<Following> followings) {
    private static final int PROMPTS_AT_ONCE = 100;
    private static final int CHECKS_AT_ONCE = 20;
    private static final int CHECKING = 4;
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final int TENANTS = 4;

    /** What of the node it works with. */
    record Own(Vault vault, IntelServices intel, Notifying notifying, EventQuestions events, Alerts alerts) {}

    static Responding open(Config config, Database database, Own own, InstantSource clock, SecureRandom random)
            throws IOException, ContentException {
        var catalogue = Catalogue.standard();
        var reader = new PlaybookReader(catalogue, new QueryConditions());
        var shelf = new PlaybookShelf(reader);
        var policies = new ResponsePolicies(database, catalogue, clock);
        var requests = new ActionRequests(catalogue, policies);
        var shipped = ShippedPlaybooks.read(config.content().resolve("playbooks"), reader);
        var playbooks = new Playbooks(database, reader, shelf, shipped, clock);
        var actions = new Actions(database, catalogue, requests, playbooks, clock);
        var runs = new PlaybookRuns(database, shelf, playbooks, actions, clock);
        var keys = new LinkKeys(own.vault, random);
        var questions = new Questions(database, keys, own.notifying.mail(), clock);
        var with =
                new Providing.Own(own.vault, own.intel, questions, own.events, own.alerts, own.notifying.announcing());
        var providing = Providing.open(config, database, catalogue, with, new Providing.Chance(clock, random));
        var follower = new RunFollower(database, shelf, requests, providing.reader(), clock);
        var followings = new ArrayList<>(RunWorkers.of(follower, providing.actions()));
        followings.add(new Following(Verifications.QUEUE, providing.checks(), CHECKS_AT_ONCE, LEASE, CHECKING));
        var parts = new DryRuns.Parts(catalogue, playbooks, shelf, policies);
        var dry = new DryRuns(database, parts, providing.carriers(), providing.reads(), clock);
        var webhooks = new Webhooks(database, shelf, playbooks, clock);
        var links = new ApprovalLinks(database, keys, actions, clock);
        var prompts = new ApprovalPrompts(
                database,
                List.of(
                        new ApprovalMail(database, links, actions, own.notifying.mail(), clock),
                        new ChatPrompts(database, providing.connections(), actions, clock)));
        followings.add(new Following(ActionRequests.PROMPTS, prompts, PROMPTS_AT_ONCE, LEASE, TENANTS));
        var chat = new ChatServices(
                new ChatPeople(database, clock, random),
                new ChatDoor(database, new SharedSecrets(own.vault), clock),
                new ChatAnswers(providing.http(), ChatAnswers.SLACK));
        return new Responding(
                new RespondServices(
                        playbooks,
                        runs,
                        dry,
                        webhooks,
                        actions,
                        policies,
                        providing.connections(),
                        links,
                        questions,
                        chat),
                followings);
    }
}
