/// Raw memory and who owns which piece of it: the only package that knows `java.lang.foreign`, apart from
/// bindings of the operating system. Imports nothing of ours. Start at [io.anax.memory.Memory], then
/// [io.anax.memory.SlabAllocator].
@NullMarked
package io.anax.memory;

import org.jspecify.annotations.NullMarked;
