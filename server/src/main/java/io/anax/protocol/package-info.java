/// Bytes to arguments and results to bytes: RESP2, RESP3 and inline commands. Knows no socket and
/// no command, may import only `memory`, and keeps no byte of its own: arguments stay where they
/// were received, replies go into the chain they are told. Start with {@link RespParser}, then
/// {@link ReplyWriter}.
@NullMarked
package io.anax.protocol;

import org.jspecify.annotations.NullMarked;
