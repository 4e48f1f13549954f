package io.marsad.match;

import java.nio.charset.StandardCharsets;

/** Text that reads as a number, as comparisons and sums of values take it. */
public final class Decimal {
    private static final int MAX_LENGTH = 64;

    private Decimal() {}

    /** A decimal number: sign, digits, fraction, exponent. NaN when the text is anything else. */
    public static double parse(byte[] b, int from, int length) {
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
}
