using OrleansLb.Core;
using OrleansLb.Core.Nodes;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Links;
using OrleansLb.Speaker.Responding;

namespace OrleansLb.Speaker.Tests.Namespaces;

/// <summary>A station that floods the segment while others ask: who asks as hosts do has his answers.</summary>
public abstract class FloodTests(ILinkOpener opener)
{
    private const string Held = "192.0.2.100", Held6 = "fd77::100";
    private const int Questions = 20;
    private const int FloodLength = 20_000;
    private const int BurstLength = 100;

    private static readonly NodeName Node = new("flooded");
    private static readonly TimeSpan BurstGap = TimeSpan.FromMilliseconds(5); // 20,000 frames a second

    public enum Flood
    {
        /// <summary>Valid questions.</summary>
        OfOneStation,

        /// <summary>Valid questions, each from another address.</summary>
        OfMadeUpStations,

        /// <summary>Damaged questions.</summary>
        OfNoise,
    }

    public static MatrixTheoryData<LinkTraffic, Flood> Floods => new([LinkTraffic.Arp, LinkTraffic.Ndp], Enum.GetValues<Flood>());

    [Theory, MemberData(nameof(Floods))]
    public async Task A_flood_leaves_others_their_answers(LinkTraffic traffic, Flood flood)
    {
        await using var lab = new NamespaceLab(opener, "node", "client", "attacker");
        await lab.Speak("node", new() { Node = Node })
            .Apply(Wire.Whole(1, Wire.Assign(Held, 1, [new InterfaceSelector.Named("eth0")]),
                Wire.Assign(Held6, 1, [new InterfaceSelector.Named("eth0")])) with { Node = Node });
        using var refusals = new RefusalWatch(Node);
        using var client = new RawClient(lab, "client", traffic);
        using var attacker = new RawClient(lab, "attacker", traffic);
        var flooding = Send(attacker, number => Frame(flood, traffic, attacker.Mac, number));

        var answered = 0;
        for (; answered < Questions || !flooding.IsCompleted; answered++)
            await client.Ask(Question(traffic, client.Mac, 2), frame => IsAnswer(traffic, frame, 2));

        await flooding;
        Assert.True(answered >= Questions, $"{answered} answers.");
        if (flood == Flood.OfOneStation) await refusals.Next(nameof(ArpVerdict.TooMany)); // both families have the same name for it
        if (flood == Flood.OfNoise) await refusals.Next(Fault(traffic));
    }

    private static byte[] Frame(Flood flood, LinkTraffic traffic, MacAddress attacker, int number) => flood switch
    {
        Flood.OfMadeUpStations => Question(traffic, new(0x02_77_00_00_00_00UL + (ulong)number), 3),
        Flood.OfNoise => Noise(traffic, Question(traffic, attacker, 3)),
        _ => Question(traffic, attacker, 3),
    };

    /// <summary>What a damaged cable makes of a question: cut short, or with a bit turned.</summary>
    private static byte[] Noise(LinkTraffic traffic, byte[] question) =>
        traffic == LinkTraffic.Arp ? question[..^3] : [.. question[..^1], (byte)(question[^1] ^ 1)];

    private static string Fault(LinkTraffic traffic) =>
        traffic == LinkTraffic.Arp ? nameof(Protocols.Arp.ArpFault.Truncated) : nameof(Protocols.Ndp.NdpFault.Checksum);

    private static async Task Send(RawClient attacker, Func<int, byte[]> frame)
    {
        using var timer = new PeriodicTimer(BurstGap);
        for (var sent = 0; sent < FloodLength; sent += BurstLength)
        {
            for (var count = 0; count < BurstLength; count++) attacker.Send(frame(sent + count));
            await timer.WaitForNextTickAsync();
        }
    }

    private static byte[] Question(LinkTraffic traffic, MacAddress mac, int host) => traffic == LinkTraffic.Arp
        ? RawClient.ArpQuestion(mac, $"192.0.2.{host}", Held)
        : RawClient.NdpQuestion(mac, $"fd77::{host}", Held6);

    private static bool IsAnswer(LinkTraffic traffic, byte[] frame, int host) => traffic == LinkTraffic.Arp
        ? RawClient.IsArpAnswer(frame, $"192.0.2.{host}")
        : RawClient.IsNdpAnswer(frame, $"fd77::{host}");
}
