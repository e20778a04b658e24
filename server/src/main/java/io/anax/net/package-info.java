/// Sockets: how bytes come in and how they go out. Two pollers with one behaviour, io_uring where
/// the kernel has it and the JDK's selector elsewhere; nothing here knows what the bytes mean.
///
/// May import `engine`, `protocol`, `memory`. Start reading at [io.anax.net.SocketPoller].
@NullMarked
package io.anax.net;

import org.jspecify.annotations.NullMarked;
