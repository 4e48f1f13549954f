package io.marsad.api.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.marsad.kernel.problem.Problem;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads request bodies: bounded in bytes before and after decompression, and in time. */
final class Bodies {
    private static final int FIRST = 16 << 10;
    private static final int MOST_AT_FIRST = 64 << 10;

    private Bodies() {}

    /**
     * The whole body, decompressed.
     *
     * @param max bytes, after decompression too
     * @param room what the body's memory is taken from
     * @param deadline for all of it, in nanoseconds from now
     * @throws io.marsad.kernel.problem.ProblemException 429 when there is no room, 413 when it is larger, 408 when it trickles, 400 when what says
     *     that it is gzip is not
     */
    static byte[] read(ServerRequest request, int max, BodyRoom.Share room, long deadline) {
        long announced = announced(request);
        if (announced > max) {
            throw tooLarge(max);
        }
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        try {
            return read(request, max, announced, room, System.nanoTime() + deadline);
        } catch (ZipException | EOFException e) {
            throw Problem.badRequest("not-gzip", "The body is not the gzip that its encoding says.")
                    .asException();
        } catch (NumberFormatException e) {
            throw Problems.ofStatus(400).asException(); // a chunk's length is none
        } catch (IOException | UncheckedIOException | DataReader.InsufficientDataAvailableException e) {
            throw new CloseConnectionException("the body ended early", e);
        }
    }

    private static byte[] read(ServerRequest request, int max, long announced, BodyRoom.Share room, long until)
            throws IOException {
        boolean packed = isGzip(request);
        InputStream in = request.content().inputStream();
        if (packed) {
            in = new GZIPInputStream(in, 8 << 10);
        }
        // Memory is for what came, not for what is said to come; but who has sent the first part is believed.
        int expected = packed || announced < 0 ? -1 : (int) announced;
        var bytes = new byte[expected < 0 ? FIRST : Math.min(expected, MOST_AT_FIRST)];
        room.take(bytes.length);
        int size = 0;
        while (true) {
            if (size == bytes.length) {
                if (size == expected) {
                    return bytes; // the server lets no more through than was announced
                }
                int larger = (int) Math.min(max + 1L, Math.max(expected, bytes.length * 2L));
                room.take(larger - bytes.length);
                bytes = Arrays.copyOf(bytes, larger);
            }
            int n = in.read(bytes, size, bytes.length - size);
            if (n < 0) {
                return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
            }
            size += n;
            if (size > max) {
                throw tooLarge(max);
            }
            if (System.nanoTime() - until > 0) {
                throw Problems.ofStatus(408).asException();
            }
        }
    }

    private static long announced(ServerRequest request) {
        return request.headers().contentLength().orElse(-1);
    }

    private static boolean isGzip(ServerRequest request) {
        return request.headers()
                .first(HeaderNames.CONTENT_ENCODING)
                .map(encoding -> encoding.toLowerCase(Locale.ROOT))
                .filter(GzipRequests::isGzip)
                .isPresent();
    }

    private static RuntimeException tooLarge(int max) {
        return Problem.tooLarge("The body is larger than " + max + " bytes, which is the most that is taken here.")
                .asException();
    }
}
