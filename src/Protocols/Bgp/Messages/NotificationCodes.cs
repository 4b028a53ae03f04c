namespace OrleansLb.Protocols.Bgp;

/// <summary>Why a session ends (RFC 4271 §4.5; 7 is RFC 7313 §5, 8 is RFC 9687 §3).</summary>
public enum NotificationCode : byte
{
    MessageHeaderError = 1,
    OpenMessageError = 2,
    UpdateMessageError = 3,
    HoldTimerExpired = 4,
    FiniteStateMachineError = 5,
    Cease = 6,
    RouteRefreshMessageError = 7,
    SendHoldTimerExpired = 8,
}

/// <summary>RFC 4271 §6.1.</summary>
public enum MessageHeaderError : byte
{
    ConnectionNotSynchronized = 1,
    BadMessageLength = 2,
    BadMessageType = 3,
}

/// <summary>RFC 4271 §6.2; 7 is RFC 5492 §5, 11 is RFC 9234 §4.2.</summary>
public enum OpenMessageError : byte
{
    Unspecific = 0,
    UnsupportedVersionNumber = 1,
    BadPeerAs = 2,
    BadBgpIdentifier = 3,
    UnsupportedOptionalParameter = 4,
    UnacceptableHoldTime = 6,
    UnsupportedCapability = 7,
    RoleMismatch = 11,
}

/// <summary>RFC 4271 §6.3.</summary>
public enum UpdateMessageError : byte
{
    Unspecific = 0,
    MalformedAttributeList = 1,
    UnrecognizedWellKnownAttribute = 2,
    MissingWellKnownAttribute = 3,
    AttributeFlagsError = 4,
    AttributeLengthError = 5,
    InvalidOrigin = 6,
    InvalidNextHop = 8,
    OptionalAttributeError = 9,
    InvalidNetworkField = 10,
    MalformedAsPath = 11,
}

/// <summary>In which state the message was unexpected (RFC 6608 §3).</summary>
public enum FiniteStateMachineError : byte
{
    Unspecified = 0,
    UnexpectedInOpenSent = 1,
    UnexpectedInOpenConfirm = 2,
    UnexpectedInEstablished = 3,
}

/// <summary>RFC 4486 §3; 9 is RFC 8538 §3, 10 is RFC 9384 §3.</summary>
public enum CeaseSubcode : byte
{
    Unspecified = 0,
    MaximumPrefixesReached = 1,
    AdministrativeShutdown = 2,
    PeerDeconfigured = 3,
    AdministrativeReset = 4,
    ConnectionRejected = 5,
    OtherConfigurationChange = 6,
    ConnectionCollisionResolution = 7,
    OutOfResources = 8,
    HardReset = 9,
    BfdDown = 10,
}
