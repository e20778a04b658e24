package io.anax.simulation;

import io.anax.engine.Poller;
import java.util.ArrayList;
import java.util.List;

/// The connections of one shard. Nobody sleeps in it: [Simulation] knows who is asleep.
final class SimulatedPoller implements Poller {
    private final List<SimulatedClient> clients = new ArrayList<>();

    void add(SimulatedClient client) {
        clients.add(client);
    }

    boolean hasEvent() {
        return clients.stream().anyMatch(SimulatedClient::hasEvent);
    }

    @Override
    public int poll() {
        int events = 0;
        for (SimulatedClient client : clients) {
            events += client.poll();
        }
        clients.removeIf(SimulatedClient::isClosed);
        return events;
    }

    @Override
    public boolean hasArrivals() {
        return hasEvent();
    }

    @Override
    public void flush() {
        clients.forEach(SimulatedClient::flush);
    }

    @Override
    public void await(long timeoutNanos) {
        throw new AssertionError("the simulation does not sleep");
    }

    @Override
    public void wake() {
        throw new AssertionError("the simulation does not sleep");
    }

    @Override
    public void close() {
        clients.forEach(SimulatedClient::disconnect);
    }
}
