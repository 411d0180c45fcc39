package io.github.http3spring.netty.request;

/**
 * What all connections of a server may hold together.
 *
 * @param undelivered what has arrived and nobody was handed
 * @param unsent what quiche has taken of responses and not sent, or not had acknowledged
 * @param requests the requests that are open
 */
public record MemoryBudgets(MemoryBudget undelivered, MemoryBudget unsent, RequestLimit requests) {

}
