package io.marsad.server.client;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Counts the alerts that are raised while something else goes on, from the live stream. */
final class RaisedAlerts {
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final PlatformClient client;
    private final Map<String, Integer> byTitle = new TreeMap<>();
    private final Thread follower;
    private long reached;
    private String ended = "";
    private String missing = "";

    private RaisedAlerts(PlatformClient client, long from) {
        this.client = client;
        this.reached = from;
        this.follower = Thread.ofVirtual().name("alerts-live").unstarted(() -> read(from));
    }

    static RaisedAlerts follow(PlatformClient client) throws IOException, InterruptedException {
        var raised = new RaisedAlerts(client, newest(client));
        raised.follower.start();
        return raised;
    }

    /** Alerts raised since, by title; waits until the stream has caught up (see {@link #missing}), then stops following. */
    synchronized Map<String, Integer> byTitle() throws IOException, InterruptedException {
        long target = newest(client);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (reached < target && ended.isEmpty() && System.nanoTime() < deadline) {
            wait(100);
        }
        missing = reached < target ? "the live stream of alerts did not catch up" + ended : "";
        follower.interrupt();
        return byTitle;
    }

    /** Why {@link #byTitle} is not all, or empty. */
    synchronized String missing() {
        return missing;
    }

    private static long newest(PlatformClient client) throws IOException, InterruptedException {
        return Long.parseLong(
                client.get("/v1/alerts?limit=1").body().path("live_seq").asString("0"));
    }

    private void read(long from) {
        try {
            client.live(Long.toString(from), this::count);
            end(": it ended");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end("");
        } catch (IOException e) {
            end(": " + e.getMessage());
        }
    }

    private synchronized void count(PlatformClient.LiveEvent event) {
        reached = Math.max(reached, event.id());
        if (event.name().equals("alert.created")) {
            byTitle.merge(event.data().path("title").asString(), 1, Integer::sum);
        }
        notifyAll();
    }

    private synchronized void end(String how) {
        ended = how;
        notifyAll();
    }
}
