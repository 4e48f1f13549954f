package io.marsad.agent.collect;

import java.util.Map;

/**
 * What was read of something that a program of the host said.
 *
 * @param refused how much of it made no sense
 */
public record Table<K, V>(Map<K, V> rows, int refused) {}
