package io.anax.engine;

/// Who connects: the addresses of both ends as CLIENT LIST shows them.
///
/// @param clientId its number: later connections have higher ones, whatever their shard
/// @param isUnixSocket it came through a unix socket, so from this machine
/// @param isSurplus there are as many clients already as there may be: it will be told so and closed
public record Peer(long clientId, String address, String localAddress, boolean isUnixSocket, boolean isSurplus) {}
