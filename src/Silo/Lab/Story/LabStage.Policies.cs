using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Services;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Routers;
using OrleansLb.Silo.Lab.Vrrp;
using OrleansLb.Speaker.Announcing;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>The part of the story in which an address in use is taken by a foreign host, and policy says what becomes of it.</summary>
internal sealed partial class LabStage
{
    /// <summary>keepalived's advertisements; its gratuitous frames come when it becomes master, and once more five seconds later.</summary>
    private static readonly TimeSpan VrrpInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Who claims an address that was first used a moment ago may have had it before; and while it is still being
    /// announced, a defence would not be told from that.
    /// </summary>
    public async Task OutlastFirstUse(CancellationToken cancellation)
    {
        var first = new AnnouncementOptions();
        narrator.Say($"for {new ProbeOptions().LateAnswer.TotalSeconds:0} s a claim would count as an older holder's, and for {first.Duration.TotalSeconds:0} "
            + "s the addresses are announced again and again");
        await Task.Delay(first.Duration + first.Interval, time, cancellation);
    }

    /// <summary>A stranger takes an address whose pool says <c>whenInUse: Move</c>: the service gets another one, and the lost one is left alone.</summary>
    public async Task MoveFromStranger(ServiceName name, CancellationToken cancellation)
    {
        var before = await ServedNow(name, cancellation);
        var address = before.Addresses[0];
        narrator.Step($"A foreign host, {network.Plan.Stranger.Mac}, comes up with {address} of {name}, whose pool says whenInUse: Move");
        await using (await network.Intrude(address, cancellation))
        {
            narrator.Seen($"an event of the Service says: {await EventOf(name, nameof(Reason.AddressTaken), network.Plan.Stranger.Mac, cancellation)}");
            var after = await Eventually.See($"another address than {address} for {name}",
                async () => await Announced(name) is { } summary && !summary.Addresses.Contains(address) ? summary : null, () => Describe(name), cancellation);
            foreach (var taken in after.Addresses) await ExpectPage(taken, after.Announcer!.Value, cancellation);
            await ExpectStrangerAlone(address, cancellation);
        }
        _watched.Remove(address);
        narrator.Say("the foreign host goes");
    }

    /// <summary>
    /// A stranger takes an address whose advertisement says <c>onConflict: Yield</c>: it has it alone, and the service has it back when it is gone.
    /// </summary>
    public async Task YieldToStranger(ServiceName name, CancellationToken cancellation)
    {
        var before = await ServedNow(name, cancellation);
        var (address, announcer) = (before.Addresses[0], before.Announcer!.Value);
        narrator.Step($"A foreign host, {network.Plan.Stranger.Mac}, comes up with {address} of {name}, whose advertisement says onConflict: Yield");
        var since = time.GetTimestamp();
        await using (await network.Intrude(address, cancellation))
        {
            await ExpectConflict(name, network.Plan.Stranger.Mac, since, cancellation);
            narrator.Seen($"condition {ConditionTypes.Announced} is False: {await ConditionOf(name, ConditionTypes.Announced, "False", cancellation)}");
            narrator.Seen(
                $"condition {ConditionTypes.AddressConflict} is True: {await ConditionOf(name, ConditionTypes.AddressConflict, "True", cancellation)}");
            await ExpectStrangerAlone(address, cancellation);
        }
        var freeAt = time.GetTimestamp();
        narrator.Say("the foreign host goes");
        await ConditionOf(name, ConditionTypes.Announced, "True", cancellation);
        await Hear(address, announcer, freeAt, cancellation);
        await ExpectPage(address, announcer, cancellation);
        narrator.Seen($"{announcer} found {address} free and announces it again, {time.GetElapsedTime(freeAt).TotalMilliseconds:0} ms after the stranger went");
    }

    /// <summary>A keepalived that is none of ours becomes master for the address of a service.</summary>
    public Task MeetKeepalived(CancellationToken cancellation) => MeetStranger("A keepalived, the owner of a virtual router", Claim, cancellation);

    private async Task<IAsyncDisposable> Claim(Address address, CancellationToken cancellation)
    {
        if (network is not NamespaceNetwork kernel) throw new OperatorException("the scenario needs network namespaces: run it as root on Linux.");
        var folder = new TemporaryFolder();
        var keepalived = new Keepalived(RouterProgram.Find("keepalived", "/usr/sbin/keepalived"), await kernel.AddStranger(cancellation), folder.Path,
            new(LabPlan.Interface, $"{address}/{address.Bits}", VrrpInterval, Owner: true));
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(Eventually.Patience);
        await keepalived.Entered("MASTER", late.Token);
        return new Claimant(keepalived, kernel, folder);
    }

    /// <summary>For a while nobody but the stranger answers for the address, and no node announces it.</summary>
    private async Task ExpectStrangerAlone(Address address, CancellationToken cancellation)
    {
        var since = time.GetTimestamp();
        await Task.Delay(QuietTime, time, cancellation);
        var ours = network.Witness.Since(since).Concat(network.Capture.Since(since))
            .Where(sighting => sighting.Address == address && network.Plan.NodeOf(sighting.Mac) is not null).ToList();
        if (ours.Count > 0)
            throw new UnexpectedException($"no word of any node about {address}", $"{ours.Count} frames, one of {network.Plan.NameOf(ours[0].Mac)}");
        narrator.Seen($"in {QuietTime.TotalSeconds:0} s no node said a word about {address}");
    }

    private Task<ServiceSummary> ServedNow(ServiceName name, CancellationToken cancellation) =>
        Eventually.See($"an announced address for {name}", () => Announced(name), () => Describe(name), cancellation);

    /// <summary>The condition's message, once it is so.</summary>
    private Task<string> ConditionOf(ServiceName name, string type, string status, CancellationToken cancellation)
    {
        return Eventually.See($"condition {type} of {name} {status}",
            async () => (await Condition())?["status"]?.GetValue<string>() == status ? (await Condition())?["message"]?.GetValue<string>() : null,
            async () => (await Condition())?.ToJsonString() ?? "there is none", cancellation);

        async Task<JsonNode?> Condition() =>
            Items(await service.Get($"/api/v1/namespaces/{name.Namespace}/services/{name.Name}", cancellation), "status", "conditions")
            .FirstOrDefault(condition => condition["type"]?.GetValue<string>() == type);
    }

    /// <summary>What a foreign router leaves goes with its machine.</summary>
    private sealed class Claimant(Keepalived keepalived, NamespaceNetwork network, TemporaryFolder folder) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await keepalived.DisposeAsync();
            await network.RemoveStranger();
            folder.Dispose();
        }
    }
}
