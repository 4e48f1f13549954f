package io.marsad.respond.durable;

import io.marsad.db.Database;
import io.marsad.db.PostgresAccess;
import io.marsad.db.outbox.OutboxRunner;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.PlaybookReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A process that goes on with runs until it is killed; each line it is told is how far its clock is ahead, in ms. */
final class ChildNode {
    private ChildNode() {}

    public static void main(String[] args) throws IOException {
        var access = new PostgresAccess(
                args[0], new PostgresAccess.Login(args[1], args[2]), new PostgresAccess.Login(args[3], args[4]));
        var database = Database.open(access);
        var ahead = new AtomicLong(Long.parseLong(args[6]));
        java.time.InstantSource clock = () -> Instant.now().plusMillis(ahead.get());
        var catalogue = Catalogue.standard();
        var shelf = new PlaybookShelf(new PlaybookReader(catalogue));
        var vendor = new OverHttp(catalogue, Integer.parseInt(args[5]));
        var reader = new RunFollower.Reader(vendor, null);
        var runs = new RunFollower(database, shelf, ManyRuns.requests(catalogue), reader, clock);
        var actions = new ActionFollower(database, vendor, clock);
        var lease = Duration.parse(args[7]);
        var _ = OutboxRunner.start(database, RunWorkers.of(runs, actions, lease), Duration.ofMillis(100), clock);
        System.out.println("begun");
        try (var told = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (var line = told.readLine(); line != null; line = told.readLine()) {
                ahead.set(Long.parseLong(line));
            }
        }
        System.exit(0); // whoever began it is gone
    }

    /** Has the {@link VendorServer} do what is to be done. */
    private record OverHttp(Catalogue catalogue, int port, HttpClient http) implements ActionProvider {
        OverHttp(Catalogue catalogue, int port) {
            this(catalogue, port, HttpClient.newHttpClient());
        }

        @Override
        public Result perform(Order order) {
            return ask("POST", order) ? completed(order) : new Result.Failed("it says that it did nothing", false);
        }

        @Override
        public boolean answers(String action) {
            return action.equals(ManyRuns.READ);
        }

        @Override
        public Result.@Nullable Completed answer(Order order) {
            return order.id().getLeastSignificantBits() % 3 == 0 ? null : completed(order);
        }

        @Override
        public Result settle(Order order) {
            if (!VendorServer.knowsKeys(order.action())) {
                return new Result.Unknown("it was begun, and nobody can be asked");
            }
            return ask("GET", order) ? completed(order) : perform(order);
        }

        private Result.Completed completed(Order order) {
            var random = new SplittableRandom(order.parameters().hashCode());
            Map<String, @Nullable String> outputs = new LinkedHashMap<>();
            catalogue
                    .find(order.action())
                    .orElseThrow()
                    .outputs()
                    .forEach((name, type) -> outputs.put(name, RecordingVendor.sample(type, random)));
            return new Result.Completed(new LinkedHashMap<>(outputs));
        }

        private boolean ask(String method, Order order) {
            var address = URI.create("http://127.0.0.1:" + port + "/" + order.action() + "/" + order.id());
            var request = HttpRequest.newBuilder(address)
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build();
            try {
                return http.send(request, HttpResponse.BodyHandlers.ofString())
                        .body()
                        .equals("true");
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
