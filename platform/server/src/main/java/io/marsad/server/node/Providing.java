package io.marsad.server.node;

import io.marsad.api.intel.IntelServices;
import io.marsad.connect.OutboundGuard;
import io.marsad.connect.OutboundHttp;
import io.marsad.connect.run.ConnectorEngine;
import io.marsad.db.Database;
import io.marsad.db.vault.Vault;
import io.marsad.fleet.control.NamedAgents;
import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.connection.Connections;
import io.marsad.respond.connection.Connectors;
import io.marsad.respond.durable.ActionFollower;
import io.marsad.respond.durable.RunFollower;
import io.marsad.respond.host.Agents;
import io.marsad.respond.host.HostOrders;
import io.marsad.respond.link.Questions;
import io.marsad.respond.provide.EventQuestions;
import io.marsad.respond.provide.HttpCalls;
import io.marsad.respond.provide.OnHosts;
import io.marsad.respond.provide.OwnEffects;
import io.marsad.respond.provide.OwnMessages;
import io.marsad.respond.provide.OwnQuestions;
import io.marsad.respond.provide.OwnReads;
import io.marsad.respond.provide.Providers;
import io.marsad.respond.provide.VerificationFollower;
import io.marsad.respond.provide.VerifiedOnly;
import io.marsad.respond.service.DryRuns;
import io.marsad.respond.sign.ActionKeys;
import io.marsad.respond.sign.HostMandates;
import io.marsad.respond.sign.Mandates;
import io.marsad.server.config.Config;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.Triage;
import io.marsad.soc.cases.CaseWork;
import io.marsad.soc.notify.Announcing;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocketFactory;

/** Who carries actions out: what tenants have connected, and the platform itself. */
record Providing(
        Connections connections,
        DryRuns.Carriers carriers,
        DryRuns.Reads reads,
        ActionFollower actions,
        RunFollower.Reader reader,
        VerificationFollower checks,
        OutboundHttp http) {
    /** What the platform does itself with. */
    record Own(
            Vault vault,
            IntelServices intel,
            Questions questions,
            EventQuestions events,
            Alerts alerts,
            Announcing announcing) {}

    /** Time, and what is drawn at random. */
    record Chance(InstantSource clock, RandomGenerator random) {}

    static Providing open(Config config, Database database, Catalogue catalogue, Own own, Chance chance)
            throws IOException, ContentException {
        if (!(SSLSocketFactory.getDefault() instanceof SSLSocketFactory tls)) {
            throw new IllegalStateException("the JDK's default factory makes TLS sockets");
        }
        var clock = chance.clock;
        var guard = new OutboundGuard(config.outbound());
        var http = new OutboundHttp(guard, tls, OutboundHttp.Limits.standard());
        var engine = new ConnectorEngine(http, clock, Thread::sleep, chance.random);
        var connections = new Connections(
                database,
                own.vault,
                Connectors.ofInstallation(
                        config.content().resolve("connectors"), config.data().resolve("connectors")),
                new Connections.Out(engine, guard),
                clock,
                chance.random);
        OwnEffects.OnBehalf onBehalf =
                (tenant, what) -> CallerScope.callAs(Caller.system(tenant, "respond"), what::get);
        var reads = new OwnReads(own.intel.intelligence(), own.events, own.alerts, onBehalf);
        var keys = new ActionKeys(own.vault);
        List<Providers.Own> platform = List.of(
                new OwnEffects(
                        database,
                        new OwnEffects.Desks(
                                new CaseWork(database, clock, chance.random),
                                new Triage(database, clock),
                                own.intel.indicators()),
                        onBehalf,
                        clock),
                reads,
                new OwnMessages(database, own.announcing, clock),
                new HttpCalls(database, http, clock),
                new OwnQuestions(database, own.questions, clock),
                new OnHosts(
                        database,
                        catalogue,
                        new LetIn(),
                        new HostOrders(database, clock),
                        new HostMandates(keys, clock),
                        clock));
        var providers = new Providers(database, catalogue, connections, platform, clock);
        var mandates = new Mandates(keys);
        var verified = new VerifiedOnly(database, keys, providers, clock);
        return new Providing(
                connections,
                turn -> providers.carriedBy(turn.connection(), turn.tenant()),
                reads::here,
                new ActionFollower(database, verified, mandates, clock),
                new RunFollower.Reader(verified, mandates),
                new VerificationFollower(database, connections, clock),
                http);
    }

    /** Hosts with an agent. */
    private static final class LetIn implements Agents {
        @Override
        public List<Agent> named(Connection connection, TenantId tenant, String name) throws SQLException {
            return NamedAgents.find(connection, tenant, name).stream()
                    .map(one -> new Agent(one.id(), one.hostname(), one.seen()))
                    .toList();
        }

        @Override
        public boolean any(Connection connection, TenantId tenant) throws SQLException {
            return NamedAgents.any(connection, tenant);
        }
    }
}
