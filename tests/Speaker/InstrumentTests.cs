using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker.Tests;

public class InstrumentTests
{
    [Fact]
    public async Task What_the_speaker_hears_and_says_is_counted_by_interface_and_reason()
    {
        var counts = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == "OrleansLb.Speaker" && instrument.Meter.Tags?.Any(tag => tag.Value is "metered") == true)
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var name = instrument.Name;
            foreach (var tag in tags) name += $" {tag.Value}";
            counts.AddOrUpdate(name, value, (_, known) => known + value);
        });
        listener.Start();
        var node = new Core.NodeName("metered");
        await using var lab = new MemoryLab(new() { Node = node });
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")) with { Node = node });
        lab.NodeFrames();
        var client = Wire.Mac(2);
        lab.ClientPort.Send(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Probe(client, Ipv4.Parse("192.0.2.99"))).Bytes());
        lab.ClientPort.Send(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(client, Ipv4.Parse("192.0.2.10"))).Bytes());
        for (var question = 0; question < 2; question++) await lab.Ask(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Probe(client, Ipv4.Parse("192.0.2.10"))));
        await lab.DisposeAsync(); // the responder's thread has ended, and with it its counting
        Assert.Equal(
            ["orleanslb.arp.announcements eth0 = 2", "orleanslb.arp.conflicts eth0 = 1", "orleanslb.arp.refusals eth0 NotAnnounced = 1",
                "orleanslb.arp.replies eth0 = 2", "orleanslb.arp.requests eth0 = 2"],
            counts.Select(count => $"{count.Key} = {count.Value}").Order(StringComparer.Ordinal));
    }
}
