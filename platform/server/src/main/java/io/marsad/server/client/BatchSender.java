package io.marsad.server.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * Gathers records of one format and posts them to the batch door. A refusal for overload is waited out and sent again
 * under the same key, so that nothing is lost or doubled. One thread uses it.
 */
public final class BatchSender {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int MOST_RECORDS = 500;
    private static final int MOST_BYTES = 1 << 20;

    private final PlatformClient client;
    private final String origin;
    private final boolean synthetic;
    private final String run = UUID.randomUUID().toString();
    private final ByteArrayOutputStream events = new ByteArrayOutputStream();
    private final List<String> ids = new ArrayList<>();
    private String format = "";
    private int count;
    private int batches;
    private long accepted;
    private long rejected;
    private String lastRejection = "";

    public BatchSender(PlatformClient client, String origin, boolean synthetic) {
        this.client = client;
        this.origin = origin;
        this.synthetic = synthetic;
    }

    /** Adds a record; JSON formats are embedded as they are, others as a string. Sends when the batch is full. */
    public void add(String recordFormat, byte[] bytes, int offset, int length)
            throws IOException, InterruptedException {
        if (!recordFormat.equals(format) || count == MOST_RECORDS || events.size() + length > MOST_BYTES) {
            flush();
            format = recordFormat;
        }
        if (count++ > 0) {
            events.write(',');
        }
        if (recordFormat.equals("syslog") || recordFormat.equals("auditd") || !isObject(bytes, offset, length)) {
            events.write('"');
            var text = new String(bytes, offset, length, StandardCharsets.UTF_8);
            events.writeBytes(new String(JsonStringEncoder.getInstance().quoteAsCharArray(text))
                    .getBytes(StandardCharsets.UTF_8));
            events.write('"');
        } else {
            events.write(bytes, offset, length);
        }
    }

    /** What is no JSON would spoil the whole batch; as text it becomes a dead letter with its reason. */
    private static boolean isObject(byte[] bytes, int offset, int length) {
        try (var json = JSON.createParser(ObjectReadContext.empty(), bytes, offset, length)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            json.skipChildren();
            return json.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }

    /** Sends what is gathered and waits until it is durable. */
    public void flush() throws IOException, InterruptedException {
        if (count == 0) {
            return;
        }
        var body = new ByteArrayOutputStream(events.size() + 256);
        body.writeBytes(("{\"connector_id\":\"" + origin + "\",\"connector_type\":\"marsad\",\"source_format\":\""
                        + format + "\",\"synthetic\":" + synthetic + ",\"events\":[")
                .getBytes(StandardCharsets.UTF_8));
        events.writeTo(body);
        body.writeBytes("]}".getBytes(StandardCharsets.UTF_8));
        var key = Map.of("Idempotency-Key", run + "-" + batches++);
        var answer = client.post("/v1/ingest/batch?ids=true", body.toByteArray(), key);
        while (answer.status() == 429 || answer.status() == 503) {
            Thread.sleep(answer.retryAfter() * 1000L); // as the platform asks
            answer = client.post("/v1/ingest/batch?ids=true", body.toByteArray(), key);
        }
        if (!answer.ok()) {
            throw new IOException("the platform refused a batch: " + answer.problem());
        }
        accepted += answer.body().path("accepted").asInt();
        rejected += answer.body().path("rejected").asInt();
        answer.body().path("event_ids").forEach(id -> ids.add(id.asString()));
        var errors = answer.body().path("errors");
        if (!errors.isEmpty()) {
            lastRejection = errors.get(0).path("reason").asString();
        }
        events.reset();
        count = 0;
    }

    public long accepted() {
        return accepted;
    }

    public long rejected() {
        return rejected;
    }

    public String lastRejection() {
        return lastRejection;
    }

    /** Ids of the accepted records, in the order they were added. */
    public List<String> ids() {
        return ids;
    }
}
