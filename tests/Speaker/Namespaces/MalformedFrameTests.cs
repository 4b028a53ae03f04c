using System.Buffers.Binary;
using OrleansLb.Core;
using OrleansLb.Core.Nodes;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;
using OrleansLb.Speaker.Links;
using OrleansLb.Speaker.Responding;

namespace OrleansLb.Speaker.Tests.Namespaces;

/// <summary>
/// Damaged frames of every length and kind for a live speaker on a real bridge: none is answered, each is counted by its reason, and after each few a valid
/// question is answered, so that a frame that silenced the speaker would be found at once.
/// </summary>
public abstract class MalformedFrameTests(ILinkOpener opener)
{
    /// <summary>Damaged frames between two valid questions.</summary>
    private const int Batch = 64;

    /// <summary>How often a frame is sent that the wire lost: kernels drop frames when a machine is busy.</summary>
    private const int Tries = 3;

    private static readonly NodeName Node = new("damaged");
    private static readonly TimeSpan Lost = TimeSpan.FromSeconds(2);

    private const string Held = "192.0.2.100", Held6 = "fd77::100";
    private const string Asker = "192.0.2.2", Asker6 = "fd77::2";

    private const int NdpMessageOffset = 54;
    private static readonly MacAddress ClientMac = MacAddress.Parse("02:00:00:00:00:02");

    private static byte[] Arp => RawClient.ArpQuestion(ClientMac, Asker, Held);

    private static byte[] Ndp => RawClient.NdpQuestion(ClientMac, Asker6, Held6);

    public static TheoryData<string, byte[][], string> ArpKinds => new()
    {
        { "hardware type", [.. Others(Arp, 14), .. Others(Arp, 15)], nameof(ArpFault.HardwareType) },
        { "protocol type", [.. Others(Arp, 16), .. Others(Arp, 17)], nameof(ArpFault.ProtocolType) },
        { "length of addresses", [.. Others(Arp, 18), .. Others(Arp, 19)], nameof(ArpFault.AddressLength) },
        { "operation", [.. Others(Arp, 20), .. Others(Arp, 21)], nameof(ArpVerdict.NotARequest) },
        { "every length", [.. Enumerable.Range(EthernetHeader.Length, ArpPacket.Length).Select(length => Arp[..length])], nameof(ArpFault.Truncated) },
        { "a sender that is nobody", [With(Arp, 22, 0, 0, 0, 0, 0, 0)], nameof(ArpVerdict.BadSender) },
        { "a sender that is everybody", [With(Arp, 22, 255, 255, 255, 255, 255, 255)], nameof(ArpVerdict.BadSender) },
        { "a sender that is a group", [With(Arp, 22, 1, 0, 0x5e, 0, 0, 1)], nameof(ArpVerdict.BadSender) },
        { "the speaker's own hardware address as sender", [With(Arp, 22, 2, 0, 0, 0, 0, 1)], nameof(ArpVerdict.OwnFrame) },
        { "sent to a group", [With(Arp, 0, 1, 0, 0x5e, 0, 0, 1)], nameof(ArpVerdict.NotToUs) },
        { "another target", [RawClient.ArpQuestion(ClientMac, Asker, "192.0.2.101")], nameof(ArpVerdict.NotAnnounced) },
    };

    public static TheoryData<string, byte[][], string> NdpKinds => new()
    {
        { "cut short by the frame", [.. Enumerable.Range(EthernetHeader.Length, Ndp.Length - EthernetHeader.Length).Select(length => Ndp[..length])],
            nameof(NdpFault.Truncated) },
        { "longer by the packet than the frame", [With(Ndp, 18, 0, 33), With(Ndp, 18, 0, 40), With(Ndp, 18, 255, 255)], nameof(NdpFault.Truncated) },
        { "cut short by the packet, below a solicitation", [.. Enumerable.Range(1, NdpMessage.MinLength - 1).Select(length => Shortened(Ndp, length))],
            nameof(NdpFault.Truncated) },
        { "cut short by the packet, within the option", [.. Enumerable.Range(NdpMessage.MinLength + 1, 7).Select(length => Shortened(Ndp, length))],
            nameof(NdpFault.Options) },
        { "hop limit", [.. Others(Ndp, 21)], nameof(NdpFault.HopLimit) },
        { "checksum", [.. Others(Ndp, NdpMessageOffset + 2), .. Others(Ndp, NdpMessageOffset + 3)], nameof(NdpFault.Checksum) },
        { "code", [.. Others(Ndp, NdpMessageOffset + 1).Select(Summed)], nameof(NdpFault.Code) },
        { "length of the option", [.. Others(Ndp, NdpMessageOffset + 25).Select(Summed)], nameof(NdpFault.Options) },
        { "multicast target", [Summed(With(Ndp, NdpMessageOffset + 8, 0xff))], nameof(NdpFault.MulticastTarget) },
        { "a probe with a link-layer address", [Summed(With(Ndp, 22, new byte[16]))], nameof(NdpFault.ProbeWithLinkLayer) },
        { "a probe that is not to the solicited-node group",
            [Summed(With(Shortened(With(Ndp, 22, new byte[16]), NdpMessage.MinLength), 38, Octets("fd77::100")))], nameof(NdpFault.ProbeNotToSolicitedNode) },
        { "a solicited advertisement to everybody", [ToEverybody()], nameof(NdpFault.SolicitedToGroup) },
        { "the speaker's own hardware address as sender", [With(Ndp, 6, 2, 0, 0, 0, 0, 1)], nameof(NdpVerdict.OwnFrame) },
        { "another target", [RawClient.NdpQuestion(ClientMac, Asker6, "fd77::1:0:100")], nameof(NdpVerdict.NotAnnounced) },
    };

    [Theory, MemberData(nameof(ArpKinds))]
    public async Task An_arp_frame_with_a_fault_in(string kind, byte[][] frames, string reason)
    {
        await using var lab = await Announcing();
        using var client = new RawClient(lab, "client", LinkTraffic.Arp);
        using var refusals = new RefusalWatch(Node);

        foreach (var (number, batch) in frames.Chunk(Batch).Index())
        {
            var control = $"192.0.2.{128 + number}"; // another for each batch, so that no late answer is taken for this one
            foreach (var frame in batch) await Count(client, frame, refusals, reason);
            var before = await client.Ask(RawClient.ArpQuestion(client.Mac, control, Held), frame => RawClient.IsArpAnswer(frame, control));
            Assert.True(before.TrueForAll(frame => !RawClient.IsArpAnswer(frame, Asker)), $"A frame with a fault in '{kind}' was answered.");
        }
    }

    [Theory, MemberData(nameof(NdpKinds))]
    public async Task A_neighbour_discovery_frame_with_a_fault_in(string kind, byte[][] frames, string reason)
    {
        await using var lab = await Announcing();
        using var client = new RawClient(lab, "client", LinkTraffic.Ndp);
        using var refusals = new RefusalWatch(Node);

        await Refuse(client, frames, kind, frame => Count(client, frame, refusals, reason));
    }

    /// <summary>The checksum covers the message and the addresses of its packet: no single bit of them can be wrong unnoticed.</summary>
    [Fact]
    public async Task No_single_wrong_bit_of_a_solicitation_gets_an_answer()
    {
        await using var lab = await Announcing();
        using var client = new RawClient(lab, "client", LinkTraffic.Ndp);
        byte[][] frames = [.. Enumerable.Range(22 * 8, (Ndp.Length - 22) * 8).Select(bit => With(Ndp, bit / 8, (byte)(Ndp[bit / 8] ^ 1 << bit % 8)))];

        await Refuse(client, frames, "one bit", frame => Task.FromResult(Sent(client, frame)));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(128)]
    [InlineData(1514)]
    public async Task A_valid_question_is_answered_whatever_pads_its_frame(int length)
    {
        await using var lab = await Announcing();
        using var arp = new RawClient(lab, "client", LinkTraffic.Arp);
        using var ndp = new RawClient(lab, "client", LinkTraffic.Ndp);

        Assert.Empty(await arp.Ask(Padded(Arp, length), frame => RawClient.IsArpAnswer(frame, Asker)));
        await ndp.Ask(Padded(Ndp, Math.Max(length, Ndp.Length)), frame => RawClient.IsNdpAnswer(frame, Asker6));
    }

    private async Task<NamespaceLab> Announcing()
    {
        var lab = new NamespaceLab(opener, "node", "client");
        var speaker = lab.Speak("node", new() { Node = Node, Announcement = new() { Duration = TimeSpan.Zero } }); // whatever it says later is an answer
        await speaker.Apply(Wire.Whole(1, Wire.Assign(Held, 1, [new InterfaceSelector.Named("eth0")]),
            Wire.Assign(Held6, 1, [new InterfaceSelector.Named("eth0")])) with { Node = Node });
        await speaker.Facts.Next<Core.Announcements.SpeakerFact.Announced>();
        await speaker.Facts.Next<Core.Announcements.SpeakerFact.Announced>();
        return lab;
    }

    /// <summary>The speaker reads in order: once it has answered a valid question that came after them, it has judged all the frames before.</summary>
    private static async Task Refuse(RawClient client, byte[][] frames, string kind, Func<byte[], Task> send)
    {
        foreach (var (number, batch) in frames.Chunk(Batch).Index())
        {
            var control = $"fd77::77:{number}";
            foreach (var frame in batch) await send(frame);
            var before = await client.Ask(RawClient.NdpQuestion(client.Mac, control, Held6), frame => RawClient.IsNdpAnswer(frame, control));
            Assert.True(before.TrueForAll(frame => !IsAnswer(frame)), $"A frame with a fault in '{kind}' was answered.");
        }
    }

    private static async Task Count(RawClient client, byte[] frame, RefusalWatch refusals, string reason)
    {
        for (var tries = 0; tries < Tries; tries++)
        {
            Sent(client, frame);
            if (await refusals.TryNext(reason, Lost)) return;
        }
        Assert.Fail($"A frame of {frame.Length} octets was not counted as {reason}: {Convert.ToHexStringLower(frame)}");
    }

    private static bool Sent(RawClient client, byte[] frame)
    {
        Assert.True(client.Send(frame), $"The kernel took no frame of {frame.Length} octets.");
        return true;
    }

    /// <summary>The address is told to somebody who is not one of those that asked rightly.</summary>
    private static bool IsAnswer(byte[] frame) =>
        NdpFrame.TryRead(frame, out var told, out _) && told.Message.Type == NdpType.NeighborAdvertisement && told.Message.Target == Ipv6.Parse(Held6)
        && !(told.Destination.Upper == Ipv6.Parse("fd77::").Upper && told.Destination.Lower >> 16 == 0x77);

    /// <summary>The frame with every other value of one octet.</summary>
    private static IEnumerable<byte[]> Others(byte[] frame, int at) => Enumerable.Range(1, 255).Select(step => With(frame, at, (byte)(frame[at] + step)));

    private static byte[] With(byte[] frame, int at, params ReadOnlySpan<byte> octets)
    {
        var changed = frame.ToArray();
        octets.CopyTo(changed.AsSpan(at));
        return changed;
    }

    private static byte[] Padded(byte[] frame, int length) => [.. frame, .. new byte[length - frame.Length]];

    private static byte[] Octets(string address)
    {
        var octets = new byte[Ipv6.Length];
        Ipv6.Parse(address).Write(octets);
        return octets;
    }

    /// <summary>The same with a message of this length, its packet's length and its checksum made to fit.</summary>
    private static byte[] Shortened(byte[] frame, int messageLength)
    {
        var shortened = frame[..(NdpMessageOffset + messageLength)];
        BinaryPrimitives.WriteUInt16BigEndian(shortened.AsSpan(18), (ushort)messageLength);
        return messageLength < 4 ? shortened : Summed(shortened);
    }

    /// <summary>The same with the checksum that its octets ask for, so that only the fault remains.</summary>
    private static byte[] Summed(byte[] frame)
    {
        var summed = frame.ToArray();
        var message = summed.AsSpan(NdpMessageOffset);
        message[2..4].Clear();
        var (source, destination) = (Ipv6.Read(summed.AsSpan(22)), Ipv6.Read(summed.AsSpan(38)));
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], Icmpv6.Checksum(source, destination, message));
        return summed;
    }

    private static byte[] ToEverybody() => new NdpFrame(MacAddress.ForGroup(Ipv6.AllNodes), ClientMac, Ipv6.AllNodes, Ipv6.Parse(Asker6),
        new(NdpType.NeighborAdvertisement, NeighborFlags.Solicited, Ipv6.Parse("fd77::5"), ClientMac)).Bytes();
}
