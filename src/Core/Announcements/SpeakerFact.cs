using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Core.Announcements;

/// <summary>Something that a speaker saw or did, told to its node's grain.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.SpeakerFact")]
public abstract record SpeakerFact
{
    private SpeakerFact()
    {
    }

    /// <summary>The node's interfaces, addresses or routes changed.</summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.SpeakerFact.LinksChanged")]
    public sealed record LinksChanged([property: Id(0)] NodeLinks Links) : SpeakerFact;

    /// <summary>The first announcement of the address has left by these interfaces.</summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.SpeakerFact.Announced")]
    public sealed record Announced(
        [property: Id(0)] Address Address,
        [property: Id(1)] long Epoch,
        [property: Id(2)] EquatableList<string> Interfaces,
        [property: Id(3)] DateTimeOffset At) : SpeakerFact;

    /// <summary>The speaker has fallen silent for the address.</summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.SpeakerFact.Withdrawn")]
    public sealed record Withdrawn([property: Id(0)] Address Address) : SpeakerFact;

    /// <summary>The address is assigned, but no interface that could bear it is there; an event names what was looked for.</summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.SpeakerFact.NoInterface")]
    public sealed record NoInterface([property: Id(0)] Address Address, [property: Id(1)] string Message) : SpeakerFact;

    /// <summary>
    /// The address had no interface for a while and has one again. It is not announced, for others may have taken it over meanwhile: it will be withdrawn, or
    /// assigned anew with a higher epoch. Told again from time to time until it is.
    /// </summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.SpeakerFact.Interrupted")]
    public sealed record Interrupted([property: Id(0)] Address Address, [property: Id(1)] long Epoch) : SpeakerFact;

    /// <summary>Another host claims an address that is announced here (RFC 5227 §2.4, RFC 4862 §5.4.4).</summary>
    /// <param name="Policy">What the speaker did about it.</param>
    [GenerateSerializer, Immutable, Alias("orleanslb.SpeakerFact.ConflictSeen")]
    public sealed record ConflictSeen(
        [property: Id(0)] Address Address,
        [property: Id(1)] HardwareAddress Holder,
        [property: Id(2)] string Interface,
        [property: Id(3)] DateTimeOffset At,
        [property: Id(4)] ConflictPolicy Policy = ConflictPolicy.Report) : SpeakerFact;

    /// <summary>
    /// Another host answered the probe of an address that was to be used for the first time. It is not announced: it will be withdrawn, or assigned anew
    /// with a higher epoch and without a probe.
    /// </summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.SpeakerFact.AddressTaken")]
    public sealed record AddressTaken(
        [property: Id(0)] Address Address,
        [property: Id(1)] long Epoch,
        [property: Id(2)] HardwareAddress Holder,
        [property: Id(3)] string Interface,
        [property: Id(4)] DateTimeOffset At) : SpeakerFact;

    /// <summary>The node's own kernel answers for addresses that others announce: what is wrong and how to mend it.</summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.SpeakerFact.KernelAnswers")]
    public sealed record KernelAnswers([property: Id(0)] string Interface, [property: Id(1)] string Message) : SpeakerFact;

    /// <summary>The address is to be announced with a hardware address of its own, and the interface takes none: its own is told instead.</summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.SpeakerFact.VirtualMacRefused")]
    public sealed record VirtualMacRefused([property: Id(0)] Address Address, [property: Id(1)] string Interface, [property: Id(2)] string Message)
        : SpeakerFact;

    /// <summary>What has come of announced addresses since they were last told of.</summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.SpeakerFact.AddressesCounted")]
    public sealed record AddressesCounted([property: Id(0)] EquatableList<AddressCount> Counts) : SpeakerFact;

    /// <summary>The speaker cannot use an interface: what failed and how to mend it.</summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.SpeakerFact.LinkFailed")]
    public sealed record LinkFailed([property: Id(0)] string Interface, [property: Id(1)] string Message) : SpeakerFact;

    /// <summary>A BGP session came into another state, or its counters are due.</summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.SpeakerFact.PeerChanged")]
    public sealed record PeerChanged([property: Id(0)] PeerStatus Status) : SpeakerFact;

    /// <summary>The peer is of the plan no more.</summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.SpeakerFact.PeerGone")]
    public sealed record PeerGone([property: Id(0)] string Peer) : SpeakerFact;
}
