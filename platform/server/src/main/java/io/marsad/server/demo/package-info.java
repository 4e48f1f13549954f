/** The demo: a believable intrusion in benign noise, sent through the real doors. */
@NullMarked
package io.marsad.server.demo;

import org.jspecify.annotations.NullMarked;
