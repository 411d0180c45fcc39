/**
 * What stands in the pipeline of the UDP socket: closing periods, address validation,
 * refusal, stateless reset, segmentation offload. Costs per packet are counted here.
 */
@NullMarked
package io.github.http3spring.netty.udp;

import org.jspecify.annotations.NullMarked;
