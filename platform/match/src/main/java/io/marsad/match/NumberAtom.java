package io.marsad.match;

import io.marsad.kernel.predicate.Predicate.Comparison;
import java.nio.charset.StandardCharsets;

/** A value reads as a decimal number and compares so. */
record NumberAtom(int slot, Comparison comparison, double wanted) implements Atom {
    private static final int MAX_LENGTH = 64;

    @Override
    public boolean test(Row row) {
        for (int v = row.first(slot); v >= 0; v = row.next(slot, v)) {
            double number = parse(row.arena(), row.offset(v), row.length(v));
            if (!Double.isNaN(number) && comparison.holds(number, wanted)) {
                return true;
            }
        }
        return false;
    }

    /** A decimal number: sign, digits, fraction, exponent. NaN when the text is anything else. */
    static double parse(byte[] b, int from, int length) {
        if (length == 0 || length > MAX_LENGTH) {
            return Double.NaN;
        }
        int end = from + length;
        int i = from + (b[from] == '-' || b[from] == '+' ? 1 : 0);
        long whole = 0;
        int digits = 0;
        for (; i < end && isDigit(b[i]); i++, digits++) {
            whole = whole * 10 + b[i] - '0';
        }
        if (i == end) {
            if (digits == 0) {
                return Double.NaN;
            }
            if (digits <= 15) {
                return b[from] == '-' ? -(double) whole : whole;
            }
        }
        return decimal(b, from, i, end, digits);
    }

    private static double decimal(byte[] b, int from, int afterWhole, int end, int wholeDigits) {
        int i = afterWhole;
        int digits = wholeDigits;
        if (i < end && b[i] == '.') {
            for (i++; i < end && isDigit(b[i]); i++) {
                digits++;
            }
        }
        if (digits == 0) {
            return Double.NaN;
        }
        if (i < end && (b[i] == 'e' || b[i] == 'E')) {
            i++;
            i += i < end && (b[i] == '-' || b[i] == '+') ? 1 : 0;
            int exponent = i;
            while (i < end && isDigit(b[i])) {
                i++;
            }
            if (i == exponent) {
                return Double.NaN;
            }
        }
        return i < end ? Double.NaN : Double.parseDouble(new String(b, from, end - from, StandardCharsets.ISO_8859_1));
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    @Override
    public int price() {
        return 20;
    }
}
