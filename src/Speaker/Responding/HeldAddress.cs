using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker.Responding;

/// <summary>What a responder does about an address that is assigned to its node.</summary>
public enum AddressRole
{
    /// <summary>It answers requests.</summary>
    Answered,

    /// <summary>It listens for another holder and answers nobody.</summary>
    Probed,

    /// <summary>Another holder was heard: it says nothing.</summary>
    Silent,
}

/// <summary>An assigned address on one interface: set by the speaker, read and counted by responders' threads.</summary>
public sealed class HeldAddress
{
    private volatile AddressRole _role;
    private volatile bool _kernelAnswers;
    private volatile bool _kernelOwns;
    private volatile AskerShare? _share;
    private ulong _virtualMac;
    private long _answered;
    private long _claimed;

    public AddressRole Role
    {
        get => _role;
        set => _role = value;
    }

    /// <summary>The kernel answers ARP or neighbour discovery for it on this interface: a second answer would be one too many.</summary>
    public bool KernelAnswers
    {
        get => _kernelAnswers;
        set => _kernelAnswers = value;
    }

    /// <summary>The node bears the address itself, so that its kernel takes packets for it, pings included.</summary>
    public bool KernelOwns
    {
        get => _kernelOwns;
        set => _kernelOwns = value;
    }

    /// <summary>The hardware address that is told for it, where that is one of its own (<see cref="VirtualMac"/>); null: the interface's.</summary>
    public MacAddress? VirtualMac
    {
        get => Volatile.Read(ref _virtualMac) is var mac and not 0 ? new MacAddress(mac) : null;
        set => Volatile.Write(ref _virtualMac, value?.Value ?? 0);
    }

    /// <summary>The askers that are this node's where several nodes answer for the address; null: all of them.</summary>
    public AskerShare? Share
    {
        get => _share;
        set => _share = value;
    }

    /// <summary>Requests answered.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Frames in which another host claimed it.</summary>
    public long Claimed => Interlocked.Read(ref _claimed);

    internal void CountAnswer() => Interlocked.Increment(ref _answered);

    internal void CountClaim() => Interlocked.Increment(ref _claimed);
}
