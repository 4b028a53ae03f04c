using OrleansLb.Core;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;

namespace OrleansLb.Grains.Pools;

/// <summary>A write of a claim that is under way, with what the feed said of its address meanwhile: that is judged when the write has ended.</summary>
internal sealed class ClaimFlight(ClaimChange change)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(AddressClaim Claim, Action Judge)> _heard = [];

    public Task Ended => _ended.Task;

    public void Defer(AddressClaim heard, Action judge) => _heard.Add((heard, judge));

    /// <summary>True when the service may hold the address once the write has ended, or holds it until then.</summary>
    public bool Concerns(ServiceName service) =>
        Holds(change.Before, service) || Holds(change.After, service) || _heard.Exists(heard => Holds(heard.Claim, service));

    public void End()
    {
        foreach (var (_, judge) in _heard) judge();
        _ended.SetResult();
    }

    private static bool Holds(AddressClaim? claim, ServiceName service) => claim?.IsHeldBy(service) == true;
}
