/** Answers as Apache Parquet files: a small writer of flat tables. */
@NullMarked
package io.marsad.api.parquet;

import org.jspecify.annotations.NullMarked;
