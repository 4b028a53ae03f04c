using System.Diagnostics.Metrics;

namespace OrleansLb.Speaker;

/// <summary>What is counted alike for ARP and for neighbour discovery.</summary>
internal sealed class FamilyInstruments(Meter meter, string area, string protocol)
{
    private readonly Counter<long> _requests =
        meter.CreateCounter<long>($"orleanslb.{area}.requests", "{packet}", $"{protocol} requests heard for announced addresses.");
    private readonly Counter<long> _replies =
        meter.CreateCounter<long>($"orleanslb.{area}.replies", "{packet}", $"{protocol} replies sent for announced addresses.");
    private readonly Counter<long> _announcements =
        meter.CreateCounter<long>($"orleanslb.{area}.announcements", "{packet}", $"{protocol} frames sent unasked, to tell where an address is now.");
    private readonly Counter<long> _refusals =
        meter.CreateCounter<long>($"orleanslb.{area}.refusals", "{packet}", $"{protocol} frames heard and not answered, by reason.");
    private readonly Counter<long> _conflicts =
        meter.CreateCounter<long>($"orleanslb.{area}.conflicts", "{packet}", $"{protocol} frames in which another host claims an announced address.");

    private readonly Counter<long> _probes =
        meter.CreateCounter<long>($"orleanslb.{area}.probes", "{packet}", $"{protocol} questions whether an address is free, or held by another.");
    private readonly Counter<long> _refreshes = meter.CreateCounter<long>($"orleanslb.{area}.refreshes", "{packet}",
        $"{protocol} frames that told one neighbour, which had asked lately, where an address is now.");

    public void Asked(string interfaceName) => _requests.Add(1, SpeakerInstruments.OnInterface(interfaceName));

    public void Replied(string interfaceName) => _replies.Add(1, SpeakerInstruments.OnInterface(interfaceName));

    public void Announced(string interfaceName, int frames) => _announcements.Add(frames, SpeakerInstruments.OnInterface(interfaceName));

    public void Probed(string interfaceName) => _probes.Add(1, SpeakerInstruments.OnInterface(interfaceName));

    public void Refreshed(string interfaceName) => _refreshes.Add(1, SpeakerInstruments.OnInterface(interfaceName));

    public void Conflicted(string interfaceName) => _conflicts.Add(1, SpeakerInstruments.OnInterface(interfaceName));

    public void Refused<TReason>(string interfaceName, TReason reason) where TReason : struct, Enum =>
        _refusals.Add(1, SpeakerInstruments.OnInterface(interfaceName), new("orleanslb.reason", Enum.GetName(reason)));
}
