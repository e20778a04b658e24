/// The rules of the house, held by tests: who may import whom, how long a method may be, what stays
/// small enough to be inlined. Start reading at `LayersTest`.
@NullMarked
package io.anax.architecture;

import org.jspecify.annotations.NullMarked;
