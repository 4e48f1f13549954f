package io.marsad.soc.alert;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Enumerations as the words of the API. */
final class Words {
    private Words() {}

    static <E> E of(E[] values, Function<E, String> word, String wanted, String what) {
        for (E value : values) {
            if (word.apply(value).equals(wanted)) {
                return value;
            }
        }
        throw new IllegalArgumentException("not a " + what + ": one of "
                + Arrays.stream(values).map(word).collect(Collectors.joining(", ")) + " is expected");
    }
}
