package io.marsad.bench.flow;

import io.marsad.server.client.PlatformClient;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** Records that must raise an alert: when each was acknowledged, and when its first alert was seen on the live stream. */
final class Planted implements AutoCloseable {
    private static final String MARK = "planted-";

    /** By a part of each that an alert's entities show. */
    private final Map<String, Long> acknowledged = new HashMap<>();

    private final Map<String, Long> seen = new HashMap<>();
    private final Map<String, Integer> titles = new TreeMap<>();
    private final Map<String, Integer> ofRule = new HashMap<>();
    private final Histogram took = new Histogram();
    private final CountDownLatch listening = new CountDownLatch(1);
    private final Thread follower;
    private String trouble = "";

    Planted(PlatformClient client) throws InterruptedException {
        follower = Thread.ofPlatform().name("alerts").start(() -> follow(client));
        listening.await(20, TimeUnit.SECONDS);
    }

    private void follow(PlatformClient client) {
        try {
            var from = client.get("/v1/alerts?limit=1").body().path("live_seq").asString("0");
            listening.countDown();
            client.live(from, this::alert);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            synchronized (this) {
                trouble = String.valueOf(e.getMessage());
            }
        } finally {
            listening.countDown();
        }
    }

    private void alert(PlatformClient.LiveEvent event) {
        if (!event.name().equals("alert.created")) {
            return;
        }
        long now = System.nanoTime();
        synchronized (this) {
            titles.merge(event.data().path("title").asString(), 1, Integer::sum);
            var rule = event.data().path("rule_id").asString();
            for (JsonNode entity : event.data().path("entities")) {
                var value = entity.path("value").asString();
                if (value.startsWith(MARK)) {
                    ofRule.merge(value + " " + rule, 1, Integer::sum);
                    if (seen.putIfAbsent(value, now) == null) {
                        settle(value);
                    }
                }
            }
        }
    }

    synchronized void acknowledged(String mark, long nanos) {
        acknowledged.put(mark, nanos);
        settle(mark);
    }

    private void settle(String mark) {
        var from = acknowledged.get(mark);
        var to = seen.get(mark);
        if (from != null && to != null) {
            took.add(Math.max(0, to - from));
        }
    }

    Histogram took() {
        return took;
    }

    /** Of those that were acknowledged, how many have no alert yet. */
    synchronized int missing() {
        return (int) acknowledged.keySet().stream()
                .filter(mark -> !seen.containsKey(mark))
                .count();
    }

    synchronized int planted() {
        return acknowledged.size();
    }

    /** Alerts by title. */
    synchronized Map<String, Integer> titles() {
        return new TreeMap<>(titles);
    }

    /** Alerts of one rule on one record, beyond the first. */
    synchronized int doubled() {
        return ofRule.values().stream().mapToInt(times -> times - 1).sum();
    }

    /** Why the stream ended, or empty. */
    synchronized String trouble() {
        return trouble;
    }

    @Override
    public void close() {
        follower.interrupt();
    }
}
