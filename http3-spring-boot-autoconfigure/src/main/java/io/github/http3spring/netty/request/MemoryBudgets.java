package io.github.http3spring.netty.request;

/**
 * What all connections of a server may hold together, of each kind of data.
 *
 * @param undelivered what has arrived and nobody was handed
 * @param unsent what quiche has taken of responses and not sent, or not had acknowledged
 */
public record MemoryBudgets(MemoryBudget undelivered, MemoryBudget unsent) {

}
