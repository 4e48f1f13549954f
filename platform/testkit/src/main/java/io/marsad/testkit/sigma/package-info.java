/**
 * A slow Sigma matcher written from the specification (rules and modifiers 2.1.0), to hold the fast one against. It uses no
 * class of the engine: its own reading of YAML, conditions, modifiers, patterns, regular expressions and addresses.
 */
@NullMarked
package io.marsad.testkit.sigma;

import org.jspecify.annotations.NullMarked;
