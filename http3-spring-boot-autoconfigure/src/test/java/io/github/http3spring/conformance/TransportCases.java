package io.github.http3spring.conformance;

/**
 * What RFC 9000 and RFC 9001 demand and a server does in front of quiche, or shows. Raw
 * packets are sent by the tests that are named.
 */
final class TransportCases extends ConformanceCases {

	private final ConformanceCases tls = new ConformanceCases("RFC 9001") {
	};

	TransportCases() {
		super("RFC 9000");
		packets();
		addresses();
		connections();
		errors();
		outOfReach();
		tls();
		cases().addAll(this.tls.cases());
		references().addAll(this.tls.references());
	}

	private void packets() {
		elsewhere("5.2.2", "Version Negotiation for large packets of other versions, not for small ones",
				"netty.AmplificationIT#versionsAreNegotiatedInLargeDatagramsOnly");
		elsewhere("5.2.2", "Version Negotiation for any type of packet and length of connection ids",
				"netty.udp.FirstPacketHandlerTests#otherVersionsAreNegotiatedWhateverTheirTypeOfPacket");
		elsewhere("6.1", "No Version Negotiation for Version Negotiation",
				"netty.udp.FirstPacketHandlerTests#versionNegotiationIsNotAnsweredWithAnother");
		elsewhere("14.1", "Initial packets in datagrams below 1,200 bytes are discarded",
				"netty.AmplificationIT#initialInASmallDatagramIsNotAnswered");
		elsewhere("17.2", "Connection ids of more than 20 bytes in other versions only",
				"netty.udp.PacketHeaderTests#connectionIdsMayBeLongerThanTwentyBytesInOtherVersionsOnly");
		elsewhere("12.2", "Headers that cannot be read are dropped",
				"netty.udp.FirstPacketHandlerTests#headerThatCannotBeReadIsDropped");
	}

	private void addresses() {
		elsewhere("8.1", "Three times what was received at most, to an address that is not validated",
				"netty.AmplificationIT#clientThatNeverAnswersIsSentNoMoreThanThreeTimesItsPacket");
		elsewhere("8.1", "The close of a connection counts too",
				"netty.AmplificationIT#clientThatIsRefusedForTheLimitIsSentLessThanItsPacket");
		elsewhere("8.1.2", "Retry, and service after it",
				"netty.AddressValidationIT#connectionWhoseAddressIsValidatedIsServed");
		elsewhere("8.1.3", "INVALID_TOKEN for a token of a Retry that is not valid",
				"netty.udp.FirstPacketHandlerTests#clientWhoseRetryIsOfNoUseIsToldSo");
		elsewhere("8.1.3", "A token that was not issued validates nothing",
				"netty.AddressValidationIT#clientWithATokenOfAnotherServerIsAskedForOneOfOurs");
		elsewhere("8.1.4", "Tokens are bound to the address, and cannot be changed",
				"netty.udp.AddressValidatorTests#tokenOfWhichAnyBitWasChangedIsRefused");
		elsewhere("8.1.4", "Tokens are good for a time",
				"netty.udp.AddressValidatorTests#tokenIsGoodForItsLifetimeAndNoLonger");
		elsewhere("9", "A client may change its address",
				"netty.MigrationIT#clientThatMigratesWhileItsRequestIsOpenGetsItsResponseAndTheClose");
		elsewhere("9.3", "A path is validated before it is used",
				"netty.NatRebindingIT#handlersSeeTheAddressThatTheClientHasShownToBeItsOwn");
		elsewhere("9.3", "Challenges are repeated, and late answers count",
				"netty.NatRebindingIT#downloadGoesOnThoughTheAnswersToChallengesAreLate");
	}

	private void connections() {
		elsewhere("5.1.1", "No connection id is issued twice",
				"netty.udp.ConnectionIdsTests#furtherIdsOfAConnectionAreAllDifferent");
		elsewhere("5.1.2", "Packets with retired connection ids harm nothing",
				"netty.MigrationIT#latePacketsWithARetiredConnectionIdHarmNobody");
		elsewhere("5.2.2", "CONNECTION_REFUSED in the first answer",
				"netty.RefusalIT#clientOfAnotherStackIsRefusedBeforeAnyPacketOfTheHandshake");
		elsewhere("10.1", "Idle connections end in time", "netty.FlowControlIT#idleConnectionIsClosedInTheUsualTime");
		elsewhere("10.2.1", "CONNECTION_CLOSE is repeated in the closing period",
				"netty.ClosingPeriodIT#lateRequestInTheClosingPeriodIsAnsweredWithTheClose");
		elsewhere("10.2.1", "The closing period lasts three probe timeouts",
				"netty.ClosingPeriodIT#closingPeriodOfALongPathLastsThreeProbeTimeouts");
		elsewhere("10.3", "Stateless resets with the token that the client knows",
				"netty.StatelessResetIT#packetOfAConnectionFromBeforeTheCrashIsAnsweredWithTheTokenThatTheClientKnows");
		elsewhere("10.3.3", "A stateless reset is shorter than what it answers",
				"netty.udp.StatelessResetHandlerTests#forgottenConnectionIsResetWithLessThanWasReceived");
		elsewhere("18.2", "Transport parameters are those of the properties",
				"netty.QuicSettingsIT#transportParametersAreThoseOfTheProperties");
		elsewhere("4.1", "Responses wait for flow control", "netty.FlowControlIT#goAwaysArriveWithCreditThatComesLate");
		elsewhere("3.5", "STOP_SENDING is answered with RESET_STREAM, and its handler is cancelled",
				"netty.RequestEndIT#handlerOfARequestThatIsStoppedRightAfterItIsCancelled");
	}

	/**
	 * Which quiche finds, and after which the connection is closed here.
	 */
	private void errors() {
		error("4.1", "FLOW_CONTROL_ERROR for data beyond a window");
		error("4.5", "FINAL_SIZE_ERROR for data beyond the final size");
		error("4.6", "STREAM_LIMIT_ERROR for streams beyond the limit");
		error("5.1.1", "CONNECTION_ID_LIMIT_ERROR for too many connection ids");
		error("12.4", "PROTOCOL_VIOLATION for packets without frames");
		error("12.4", "FRAME_ENCODING_ERROR for frames of unknown types");
		error("13.1", "PROTOCOL_VIOLATION for acknowledgements of packets that were not sent");
		error("19", "STREAM_STATE_ERROR for frames of streams of the wrong direction");
		error("19.7", "PROTOCOL_VIOLATION for NEW_TOKEN from a client");
		error("19.11", "FRAME_ENCODING_ERROR for credit for more streams than there can be");
		error("19.20", "PROTOCOL_VIOLATION for HANDSHAKE_DONE from a client");
		elsewhere("10.2.1", "CONNECTION_CLOSE is repeated after these too",
				"netty.TransportErrorIT#closeIsSentAgainWhenThePeerGoesOn");
	}

	private void error(String section, String requirement) {
		elsewhere(section, requirement, "netty.TransportErrorIT#connectionIsClosedWithTheCodeAndNoOther");
	}

	private void outOfReach() {
		String quiche = "needs a client that makes its own handshake or headers; quiche decides";
		untested("7.3", "TRANSPORT_PARAMETER_ERROR for connection ids that do not match", quiche);
		untested("7.4", "TRANSPORT_PARAMETER_ERROR for invalid values, and for parameters of a server", quiche);
		untested("17.2", "PROTOCOL_VIOLATION for reserved bits", quiche);
	}

	private void tls() {
		this.tls.elsewhere("4.6.1", "Early data is accepted only where it is switched on",
				"netty.EarlyDataIT#isOffByDefault");
		this.tls.elsewhere("4.6.2", "Early data that is not accepted is not processed",
				"netty.EarlyDataIT#ticketFromBeforeAReloadCostsNothingButTheRoundTrip");
		this.tls.elsewhere("9.2", "Replayed early data does no harm",
				"netty.EarlyDataIT#unsafeRequestOfAReplayDoesNotReachTheApplication");
		this.tls.elsewhere("5.2", "Initial packets are protected with keys of the first connection id",
				"netty.udp.InitialKeysTests#packetOfTheServerIsProtectedAsInTheExampleOfTheSpecification");
		this.tls.untested("6", "Key updates", "quiche answers them");
		this.tls.untested("8.1", "0x0178 for a client that offers no `h3`", "BoringSSL decides");
		this.tls.untested("8.2", "0x016d without quic_transport_parameters",
				"needs a client that makes its own packets; quiche decides");
	}

}
