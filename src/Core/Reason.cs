namespace OrleansLb.Core;

/// <summary>Why something is as it is: the log field, the metric attribute, the condition's and the event's reason, and what a test expects.</summary>
[GenerateSerializer, Alias("orleanslb.Reason")]
public enum Reason : byte
{
    None = 0,

    // An address was given or kept.
    AddressAssigned,
    AddressAdopted,
    AddressReleased,

    // No address was given.
    InvalidRequest,
    NoPool,
    PoolNotFound,
    PoolExhausted,
    PoolDisabled,
    PoolNotForService,
    NoPoolForService,
    AddressOutsidePools,
    AddressNotInPool,
    AddressHeld,
    AddressReserved,
    FamilyNotInPool,
    FamilyNotWanted,
    SharingKeyDiffers,
    SharingBackendDiffers,
    SharingPortTaken,
    RecordUnavailable,

    // A node announces, or may not.
    Announced,
    HandedOver,
    NoNode,
    NoEndpoint,
    NoLocalEndpoint,
    NoAdvertisement,
    NodeNotSelected,
    NodeDead,
    NodeNotReady,
    NodeDraining,
    NodeExcluded,
    NodeNetworkUnavailable,
    NoInterface,

    // A speaker saw something.
    AddressConflict,
    LinkFailed,
    BgpSessionUp,
    BgpSessionDown,

    // Configuration.
    ConfigurationAccepted,
    ConfigurationRefused,
    ConfigurationWarning,

    // Later additions; their numbers cross the wire.

    /// <summary>A stranger uses the address; it was to be given.</summary>
    AddressTaken,

    /// <summary>A stranger was heard to use the address a while ago.</summary>
    AddressQuarantined,

    QuotaExceeded,
    PoolDraining,
    SharingNamespaceDiffers,

    /// <summary>A node's own kernel answers for addresses that other nodes announce.</summary>
    KernelAnswers,

    /// <summary>An address is announced with the hardware address of its interface, which takes no other.</summary>
    VirtualMacRefused,

    /// <summary>The service shares addresses, and is announced by its labels: those that it shares with might be announced by another node.</summary>
    SharedWithSelectors,

    /// <summary>A node comes and goes, and is given nothing that another announces for a while.</summary>
    NodeFlapping,

    /// <summary>There is nothing to announce: the service has no address.</summary>
    NoAddress,

    /// <summary>The pool would do too; another one comes before it.</summary>
    PoolComesLater = 128,

    /// <summary>The node might announce it too; another one does.</summary>
    NodeComesLater,
}
