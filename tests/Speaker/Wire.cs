using System.Threading.Channels;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;

namespace OrleansLb.Speaker.Tests;

/// <summary>Short forms of what the speaker's tests say often.</summary>
internal static class Wire
{
    public static readonly NodeName Node = new("node1");
    public static readonly ServiceName Web = new("default", "web");

    /// <summary>Nothing here takes so long; it only ends a test that would hang.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static byte[] Bytes(this ArpFrame frame)
    {
        var bytes = new byte[ArpFrame.MaxLength];
        return bytes[..frame.Write(bytes)];
    }

    public static byte[] Bytes(this NdpFrame frame)
    {
        var bytes = new byte[NdpFrame.MaxLength];
        return bytes[..frame.Write(bytes)];
    }

    public static MacAddress Mac(int last) => new(0x02_00_00_00_00_00UL | (uint)last);

    public static Assignment Assign(string address, long epoch = 1, params InterfaceSelector[] interfaces) =>
        new(Address.Parse(address), Web, epoch, [.. interfaces]);

    public static PlanChange Whole(long version, params Assignment[] announce) => new(Node, null, version, [.. announce], []);

    public static PlanChange Then(long from, Assignment[] announce, params string[] withdraw) =>
        new(Node, from, from + 1, [.. announce], withdraw.Select(Address.Parse).ToEquatableList());

    /// <summary>Waits for the next fact of this kind and passes the others by.</summary>
    public static async Task<T> Next<T>(this ChannelReader<SpeakerFact> facts) where T : SpeakerFact
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            if (await facts.ReadAsync(patience.Token) is T wanted) return wanted;
        }
    }
}
