package io.marsad.api;

import io.marsad.api.events.EventAnswers;
import io.marsad.api.respond.ChatServices;
import io.marsad.api.respond.RespondServices;
import io.marsad.connect.OutboundGuard;
import io.marsad.connect.OutboundHttp;
import io.marsad.connect.run.ConnectorEngine;
import io.marsad.db.Database;
import io.marsad.db.outbox.OutboxRunner;
import io.marsad.db.outbox.OutboxRunner.Following;
import io.marsad.db.vault.Vault;
import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.ocsf.EventJson;
import io.marsad.kernel.ocsf.OcsfSchema;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.chat.ChatAnswers;
import io.marsad.respond.chat.ChatDoor;
import io.marsad.respond.chat.ChatPeople;
import io.marsad.respond.connection.Connections;
import io.marsad.respond.connection.Connectors;
import io.marsad.respond.connection.SharedSecrets;
import io.marsad.respond.durable.ActionFollower;
import io.marsad.respond.durable.ActionProvider;
import io.marsad.respond.durable.ActionRequests;
import io.marsad.respond.durable.PlaybookShelf;
import io.marsad.respond.durable.RunFollower;
import io.marsad.respond.durable.Runs;
import io.marsad.respond.link.ApprovalLinks;
import io.marsad.respond.link.LinkKeys;
import io.marsad.respond.link.Questions;
import io.marsad.respond.provide.OwnReads;
import io.marsad.respond.provide.Providers;
import io.marsad.respond.service.Actions;
import io.marsad.respond.service.DryRuns;
import io.marsad.respond.service.PlaybookRuns;
import io.marsad.respond.service.Playbooks;
import io.marsad.respond.service.ResponsePolicies;
import io.marsad.respond.service.ShippedPlaybooks;
import io.marsad.respond.service.Webhooks;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.notify.PersonalMail;
import io.marsad.soc.notify.Ways;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocketFactory;
import tools.jackson.databind.node.JsonNodeFactory;

/** Playbooks of a {@link TestNode}: those that are shipped. */
final class TestRespond {
    private static final OutboundGuard GUARD = new OutboundGuard(List.of(OwnConnections.PRODUCT));

    private TestRespond() {}

    static RespondServices services(
            Database database, Vault vault, EventStore store, InstantSource clock, RandomGenerator random)
            throws IOException {
        var catalogue = Catalogue.standard();
        var reader = new PlaybookReader(catalogue);
        var shelf = new PlaybookShelf(reader);
        var policies = new ResponsePolicies(database, catalogue, clock);
        var requests = new ActionRequests(catalogue, policies);
        var playbooks = new Playbooks(database, reader, shelf, shipped(reader), clock);
        var actions = new Actions(database, catalogue, requests, playbooks, clock);
        var runs = new PlaybookRuns(database, shelf, playbooks, actions, clock);
        var connections = connections(database, vault, clock, random);
        var providers = new Providers(database, catalogue, connections, List.of(), clock);
        var reads = new OwnReads(
                TestIntel.services(database, vault, store, clock).intelligence(),
                new EventAnswers(store, new EventJson(OcsfSchema.load()), TestContent.LISTS, clock),
                new Alerts(database, clock, Alerts.WINDOW),
                (tenant, what) -> CallerScope.callAs(Caller.system(tenant, "respond"), what::get));
        var dry = new DryRuns(
                database,
                new DryRuns.Parts(catalogue, playbooks, shelf, policies),
                turn -> carriedBy(catalogue, providers.carriedBy(turn.connection(), turn.tenant())),
                reads::here,
                clock);
        return new RespondServices(
                playbooks,
                runs,
                dry,
                new Webhooks(database, shelf, playbooks, clock),
                actions,
                policies,
                connections,
                links(database, vault, clock),
                questions(database, vault, new PersonalMail(database, new Ways(GUARD, http(), null, null)), clock),
                new ChatServices(
                        new ChatPeople(database, clock, new SecureRandom()),
                        new ChatDoor(database, new SharedSecrets(vault), clock),
                        new ChatAnswers(http(), OwnConnections.PRODUCT + "/")));
    }

    /** Links of e-mails; whoever makes some is another platform on the same database. */
    static ApprovalLinks links(Database database, Vault vault, InstantSource clock) throws IOException {
        return new ApprovalLinks(database, new LinkKeys(vault, new SecureRandom()), actions(database, clock), clock);
    }

    static Questions questions(Database database, Vault vault, PersonalMail mail, InstantSource clock) {
        return new Questions(database, new LinkKeys(vault, new SecureRandom()), mail, clock);
    }

    static Actions actions(Database database, InstantSource clock) throws IOException {
        var catalogue = Catalogue.standard();
        var reader = new PlaybookReader(catalogue);
        var requests = new ActionRequests(catalogue, new ResponsePolicies(database, catalogue, clock));
        var playbooks = new Playbooks(database, reader, new PlaybookShelf(reader), shipped(reader), clock);
        return new Actions(database, catalogue, requests, playbooks, clock);
    }

    /** What nothing of the tenant does somebody does, and nobody isolates. */
    private static Map<String, List<String>> carriedBy(Catalogue catalogue, Map<String, List<String>> connected) {
        Map<String, List<String>> all = new HashMap<>(connected);
        catalogue.all().forEach(kind -> all.putIfAbsent(kind.name(), List.of("somebody")));
        all.remove("isolate_host");
        return all;
    }

    /** With the shipped connectors; nobody is allowed inside. */
    private static Connections connections(Database database, Vault vault, InstantSource clock, RandomGenerator random)
            throws IOException {
        var root = Path.of(System.getProperty("marsad.root", "."));
        return connections(database, vault, clock, random, root.resolve("content/connectors"));
    }

    /** Asks where {@link OwnConnections#PRODUCT} is, if anywhere. */
    static OutboundHttp http() {
        if (!(SSLSocketFactory.getDefault() instanceof SSLSocketFactory tls)) {
            throw new IllegalStateException("the JDK's default factory makes TLS sockets");
        }
        return new OutboundHttp(GUARD, tls, OutboundHttp.Limits.standard());
    }

    /** With the connectors of a folder. */
    static Connections connections(
            Database database, Vault vault, InstantSource clock, RandomGenerator random, Path folder)
            throws IOException {
        var out = new Connections.Out(new ConnectorEngine(http(), clock, time -> {}, random), GUARD);
        try {
            var connectors = Connectors.read(folder);
            return new Connections(database, vault, connectors, out, clock, random);
        } catch (ContentException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Goes on with runs and has actions done, as a node does; to be closed. */
    static OutboxRunner follow(Database database, ActionProvider provider, InstantSource clock) {
        var catalogue = Catalogue.standard();
        var shelf = new PlaybookShelf(new PlaybookReader(catalogue));
        var requests = new ActionRequests(catalogue, new ResponsePolicies(database, catalogue, clock));
        var lease = Duration.ofMinutes(1);
        return OutboxRunner.start(
                database,
                List.of(
                        new Following(Runs.QUEUE, new RunFollower(database, shelf, requests, clock), 20, lease, 2),
                        new Following(
                                ActionRequests.QUEUE, new ActionFollower(database, provider, clock), 20, lease, 2)),
                Duration.ofMillis(100),
                clock);
    }

    static final String STEP = "action--22222222-2222-4222-8222-222222222222";

    /** What is appended to a playbook so that something starts it. */
    static final String TRIGGERS = """
            playbook_extensions:
              extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960:
                triggers: [%s]
            """;

    /** A playbook that isolates a host which whoever starts it names. */
    static String playbook(String id, String name) {
        return """
                type: playbook
                spec_version: cacao-2.0
                id: playbook--%s
                name: %s
                created_by: identity--6f4ef798-ed9b-452a-a88b-b52ac1a66f3d
                created: '2026-11-22T09:00:00.000Z'
                modified: '2026-11-22T09:00:00.000Z'
                playbook_types: [mitigation]
                playbook_variables:
                  __host__: {type: string, external: true}
                workflow_start: start--11111111-1111-4111-8111-111111111111
                workflow:
                  start--11111111-1111-4111-8111-111111111111: {type: start, on_completion: %s}
                  %s:
                    type: action
                    name: Isolate it
                    on_completion: end--33333333-3333-4333-8333-333333333333
                    commands:
                    - {type: manual, command: 'Isolate __host__:value.'}
                    agent: group--44444444-4444-4444-8444-444444444444
                    in_args: [__host__]
                    step_extensions:
                      extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960:
                        action: isolate_host
                        with: {host: '__host__:value'}
                  end--33333333-3333-4333-8333-333333333333: {type: end}
                agent_definitions:
                  group--44444444-4444-4444-8444-444444444444: {type: group, name: Analysts}
                """.formatted(id, name, STEP, STEP);
    }

    /** The body that keeps it. */
    static String source(String text) {
        return JsonNodeFactory.instance.objectNode().put("source", text).toString();
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
