package io.marsad.agent.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** Files of a disk with so much room and no more; a write that finds too little leaves half of what it was given. */
final class FullDisk implements Channels {
    long room;
    long used;
    boolean failing;

    FullDisk(long room) {
        this.room = room;
    }

    @Override
    public FileChannel open(Path file) throws IOException {
        return new Counted(Channels.real().open(file));
    }

    private final class Counted extends FileChannel {
        private final FileChannel file;

        Counted(FileChannel file) {
            this.file = file;
        }

        @Override
        public int write(ByteBuffer bytes, long position) throws IOException {
            long more = Math.max(0, position + bytes.remaining() - file.size());
            if (used + more > room && more > 0) {
                int half = bytes.remaining() / 2;
                int written = file.write(bytes.slice(bytes.position(), half), position);
                used += Math.max(0, written);
                bytes.position(bytes.position() + written);
                throw new IOException("No space left on device");
            }
            used += more;
            return file.write(bytes, position);
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            used -= Math.max(0, file.size() - size);
            file.truncate(size);
            return this;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            if (failing) {
                throw new IOException("Input/output error");
            }
            file.force(metaData);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            used -= file.size(); // closed is deleted here, or the end of the test
            file.close();
        }

        @Override
        public int read(ByteBuffer bytes, long position) throws IOException {
            return file.read(bytes, position);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return file.tryLock(position, size, shared);
        }

        @Override
        public int read(ByteBuffer bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] buffers, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] buffers, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel from, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }
    }
}
