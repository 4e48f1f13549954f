package io.marsad.testkit;

import io.marsad.db.Database;
import io.marsad.db.PostgresAccess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The shared database over connections that are cut at a point that is chosen: before or after the n-th thing that is said
 * to the server. What the server has by then it may have done, as when the platform is killed or the network fails.
 */
public final class CutDatabase implements AutoCloseable {
    private static final int NEVER = Integer.MAX_VALUE;

    private final ServerSocket door;
    private final int port;
    private final List<Socket> open = new ArrayList<>();
    private final AtomicInteger left = new AtomicInteger(NEVER);
    private volatile boolean forwarded;
    private volatile boolean cut;
    private final Database database;

    public CutDatabase() throws IOException {
        var direct = SharedDatabase.server().access();
        port = Integer.parseInt(direct.url().replaceAll(".*:(\\d+)/.*", "$1"));
        door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
        var url = direct.url().replace(":" + port + "/", ":" + door.getLocalPort() + "/");
        database = Database.open(new PostgresAccess(url, direct.owner(), direct.app()));
    }

    public Database database() {
        return database;
    }

    /**
     * From now on the n-th message is the last.
     *
     * @param after it still reaches the server, whose answer does not come back
     */
    public void arm(int n, boolean after) {
        cut = false;
        forwarded = after;
        left.set(n);
    }

    /** Everything gets through again. @return whether it was cut */
    public boolean disarm() {
        left.set(NEVER);
        return cut;
    }

    private void accept() {
        try {
            while (!door.isClosed()) {
                var client = door.accept();
                var server = new Socket(InetAddress.getLoopbackAddress(), port);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                synchronized (open) {
                    open.add(client);
                    open.add(server);
                }
                Thread.ofVirtual().start(() -> pass(client, server, true));
                Thread.ofVirtual().start(() -> pass(server, client, false));
            }
        } catch (IOException e) {
            if (!door.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void pass(Socket from, Socket to, boolean toServer) {
        var buffer = new byte[65_536];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                boolean last = toServer && left.get() != NEVER && left.decrementAndGet() == 0;
                cut |= last;
                if (last && !forwarded) {
                    break;
                }
                to.getOutputStream().write(buffer, 0, n);
                to.getOutputStream().flush();
                if (last) {
                    break;
                }
            }
        } catch (IOException e) {
            // an end of the connection is gone: so is the other
        }
    }

    @Override
    public void close() throws IOException {
        database.close();
        door.close();
        synchronized (open) {
            for (var socket : open) {
                socket.close();
            }
        }
    }
}
