@NullMarked
package io.marsad.api.http;

import org.jspecify.annotations.NullMarked;
