package io.marsad.api;

import io.marsad.db.PostgresAccess;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;

/**
 * A way to PostgreSQL on which the platform's own conditions on the tenant mean nothing: it stands between the two, and in
 * every statement of a tenant's transaction {@code tenant_id = $1} becomes a condition that is always true and still takes
 * its parameter. What is then not seen is hidden by row-level security alone. The installation's own transactions stay as
 * they are: the tenants are the objects there.
 *
 * <p>Speaks the protocol of PostgreSQL, version 3, as far as it has to: Parse and Bind of clients that prepare nothing on
 * the server.
 */
final class Unfiltered implements AutoCloseable {
    private static final Pattern CONDITION = Pattern.compile("((?:\\w+\\.)?tenant_id)\\s*=\\s*(\\$\\d+)");
    private static final Pattern ANY_CONDITION = Pattern.compile("tenant_id\\s*(=|<>|!=|IN|IS|~)\\s*\\(?\\s*\\$");
    private static final int TLS_REQUEST = 80_877_103;

    private final ServerSocket door;
    private final int server;
    private final Set<String> changed = new ConcurrentSkipListSet<>();
    private final Set<String> left = new ConcurrentSkipListSet<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private Unfiltered(ServerSocket door, int server) {
        this.door = door;
        this.server = server;
    }

    /** Opens a way to the server on this machine that the access names. */
    static Unfiltered to(PostgresAccess access) throws IOException {
        var way = new Unfiltered(
                new ServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                uri(access).getPort());
        Thread.ofVirtual().start(way::accept);
        return way;
    }

    private static URI uri(PostgresAccess access) {
        return URI.create(access.url().substring("jdbc:".length()));
    }

    /** The same database, by this way. */
    PostgresAccess access(PostgresAccess direct) {
        var url = "jdbc:postgresql://127.0.0.1:" + door.getLocalPort()
                + uri(direct).getPath() + "?prepareThreshold=0&sslmode=disable&gssEncMode=disable";
        return new PostgresAccess(url, direct.owner(), direct.app());
    }

    /** The statements that lost a condition, each once. */
    Set<String> changed() {
        return changed;
    }

    /** Statements of tenants' transactions that compare a tenant in a way that is not known here. */
    Set<String> left() {
        return left;
    }

    private void accept() {
        try {
            while (!door.isClosed()) {
                var client = door.accept();
                var behind = new Socket(InetAddress.getLoopbackAddress(), server);
                for (var socket : List.of(client, behind)) {
                    socket.setTcpNoDelay(true); // each small piece would wait for the one before to be confirmed
                    open.add(socket);
                }
                Thread.ofVirtual().start(() -> pass(client, behind, () -> new Questions(client, behind).pass()));
                Thread.ofVirtual()
                        .start(() -> pass(client, behind, () -> {
                            behind.getInputStream().transferTo(client.getOutputStream());
                        }));
            }
        } catch (IOException e) {
            if (!door.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @FunctionalInterface
    private interface Passing {
        void run() throws IOException;
    }

    /** Until one of the two has closed: then both are. */
    private void pass(Socket client, Socket behind, Passing passing) {
        try (client;
                behind) {
            passing.run();
        } catch (IOException e) {
            // The other side has gone: whoever waits for an answer sees that, too.
            left.addAll(e instanceof Unknown ? Set.of(String.valueOf(e.getMessage())) : Set.of());
        } finally {
            open.remove(client);
            open.remove(behind);
        }
    }

    private static final class Unknown extends IOException {
        Unknown(String message) {
            super(message);
        }
    }

    /** What one client says. */
    private final class Questions {
        private final DataInputStream in;
        private final DataOutputStream out;
        private boolean begins;
        private boolean ofTenant;

        Questions(Socket client, Socket behind) throws IOException {
            in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
            out = new DataOutputStream(new BufferedOutputStream(behind.getOutputStream(), 1 << 16));
        }

        void pass() throws IOException {
            begin();
            while (true) {
                int type = in.read();
                if (type < 0) {
                    return;
                }
                var body = in.readNBytes(in.readInt() - 4);
                if (type == 'P') {
                    body = parse(body);
                } else if (type == 'B' && begins) {
                    ofTenant = "tenant".equals(secondValue(ByteBuffer.wrap(body)));
                }
                out.write(type);
                out.writeInt(body.length + 4);
                out.write(body);
                if (in.available() == 0) {
                    out.flush();
                }
            }
        }

        /** The first message has no type. */
        private void begin() throws IOException {
            int length = in.readInt();
            int code = in.readInt();
            if (code == TLS_REQUEST) {
                throw new Unknown("the client wants TLS");
            }
            out.writeInt(length);
            out.writeInt(code);
            out.write(in.readNBytes(length - 8));
            out.flush();
        }

        private byte[] parse(byte[] body) throws IOException {
            var message = ByteBuffer.wrap(body);
            var name = text(message);
            var sql = text(message);
            begins = sql.contains("set_config('marsad.scope', $"); // a migration that says it as text begins nothing
            if (!name.isEmpty()) {
                throw new Unknown("prepared on the server, where it may be run in any transaction: " + sql);
            }
            if (!ofTenant || begins) {
                return body;
            }
            var without = CONDITION.matcher(sql).replaceAll("($1 IS NOT NULL OR $2::text IS NULL)");
            if (ANY_CONDITION.matcher(without).find()) {
                left.add(sql);
            }
            if (without.equals(sql)) {
                return body;
            }
            changed.add(sql);
            var bytes = without.getBytes(StandardCharsets.UTF_8);
            var parsed = ByteBuffer.allocate(2 + bytes.length + message.remaining());
            return parsed.put((byte) 0).put(bytes).put((byte) 0).put(message).array();
        }

        /** Of the statement that a transaction begins with: whose it is. */
        private static String secondValue(ByteBuffer bind) {
            text(bind);
            text(bind);
            int formats = bind.getShort();
            bind.position(bind.position() + 2 * formats + 2);
            var value = new byte[0];
            for (int i = 0; i < 2; i++) {
                value = new byte[bind.getInt()];
                bind.get(value);
            }
            return new String(value, StandardCharsets.UTF_8);
        }

        private static String text(ByteBuffer message) {
            int start = message.position();
            while (message.get() != 0) {
                // to the end of the text
            }
            return new String(message.array(), start, message.position() - 1 - start, StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (var socket : open) {
            socket.close();
        }
    }
}
