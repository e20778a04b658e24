/// What every package may import: the bounds of the product and the mark of its hot methods.
@NullMarked
package io.anax;

import org.jspecify.annotations.NullMarked;
