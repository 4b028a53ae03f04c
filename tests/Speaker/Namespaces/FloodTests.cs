using OrleansLb.Core.Nodes;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Links;
using OrleansLb.Speaker.Responding;

namespace OrleansLb.Speaker.Tests.Namespaces;

/// <summary>A station that floods the segment while others ask: who asks as hosts do has his answers.</summary>
public class FloodTests
{
    private const string Held = "192.0.2.100", Held6 = "fd77::100";
    private const int Questions = 20;
    private const int FloodLength = 20_000;
    private const int BurstLength = 100;

    private static readonly TimeSpan BurstGap = TimeSpan.FromMilliseconds(5); // 20,000 frames a second

    public static TheoryData<string, LinkTraffic, bool> Floods => new()
    {
        { "valid questions of one station", LinkTraffic.Arp, true },
        { "valid questions of one station", LinkTraffic.Ndp, true },
        { "noise", LinkTraffic.Arp, false },
        { "noise", LinkTraffic.Ndp, false },
    };

    [Theory, MemberData(nameof(Floods))]
    public async Task A_flood_of(string what, LinkTraffic traffic, bool valid)
    {
        await using var lab = new NamespaceLab("node", "client", "attacker");
        await lab.Speak("node").Apply(Wire.Whole(1, Wire.Assign(Held, 1, [new InterfaceSelector.Named("eth0")]), Wire.Assign(Held6, 1, [new InterfaceSelector.Named("eth0")])));
        using var refusals = new RefusalWatch(Wire.Node);
        using var client = new RawClient(lab, "client", traffic);
        using var attacker = new RawClient(lab, "attacker", traffic);
        var question = Question(traffic, attacker.Mac, 3);
        var flood = Flood(attacker, valid ? question : Noise(traffic, question));

        var answered = 0;
        for (; answered < Questions || !flood.IsCompleted; answered++) await client.Ask(Question(traffic, client.Mac, 2), frame => IsAnswer(traffic, frame, 2));

        await flood;
        Assert.True(answered >= Questions, $"{answered} answers beside a flood of {what}.");
        await refusals.Next(valid ? nameof(ArpVerdict.TooMany) : Fault(traffic)); // both families have the same name for too many
    }

    /// <summary>What a damaged cable makes of a question: cut short, or with a bit turned.</summary>
    private static byte[] Noise(LinkTraffic traffic, byte[] question) => traffic == LinkTraffic.Arp ? question[..^3] : [.. question[..^1], (byte)(question[^1] ^ 1)];

    private static string Fault(LinkTraffic traffic) => traffic == LinkTraffic.Arp ? nameof(Protocols.Arp.ArpFault.Truncated) : nameof(Protocols.Ndp.NdpFault.Checksum);

    private static async Task Flood(RawClient attacker, byte[] frame)
    {
        using var timer = new PeriodicTimer(BurstGap);
        for (var sent = 0; sent < FloodLength; sent += BurstLength)
        {
            for (var count = 0; count < BurstLength; count++) attacker.Send(frame);
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
