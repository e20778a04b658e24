/// The values: what lies behind the key of an entry. Each class here is one type or one encoding:
/// its layout, its operations, its proof of order (`checkInvariants`). Works on addresses, knows
/// neither databases nor clients nor replies; imports `memory` and `table`.
///
/// Start reading at `Type`, then `StringValue`, the smallest of them.
@NullMarked
package io.anax.types;

import org.jspecify.annotations.NullMarked;
