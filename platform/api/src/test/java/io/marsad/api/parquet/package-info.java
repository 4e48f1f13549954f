@NullMarked
package io.marsad.api.parquet;

import org.jspecify.annotations.NullMarked;
