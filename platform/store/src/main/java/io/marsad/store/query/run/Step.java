package io.marsad.store.query.run;

import java.io.IOException;

/** A stage at work: takes rows one after the other and gives what becomes of them to the next. One thread. */
interface Step {
    /** The row's event may be gone after the call, unless the step keeps the row. Returns false when no more are wanted. */
    boolean take(Row row) throws IOException;

    /** No more rows come. */
    void end() throws IOException;

    /** A stage that looks at each row by itself. */
    @FunctionalInterface
    interface Each {
        /** False: the row goes no further. */
        boolean pass(Row row);
    }

    static Step each(Each each, Step next) {
        return new Step() {
            @Override
            public boolean take(Row row) throws IOException {
                return !each.pass(row) || next.take(row);
            }

            @Override
            public void end() throws IOException {
                next.end();
            }
        };
    }

    /** The first rows only. */
    static Step head(int rows, Step next) {
        return new Step() {
            private int taken;

            @Override
            public boolean take(Row row) throws IOException {
                taken++;
                return taken <= rows && next.take(row) && taken < rows;
            }

            @Override
            public void end() throws IOException {
                next.end();
            }
        };
    }
}
