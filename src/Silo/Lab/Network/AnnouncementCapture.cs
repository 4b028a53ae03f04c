using OrleansLb.Speaker.Links;

namespace OrleansLb.Silo.Lab.Network;

/// <summary>
/// Listens on the client's interface and keeps, with its time, every frame in which a host tells unasked where an address
/// is: gratuitous ARP and unsolicited advertisements.
/// </summary>
internal sealed class AnnouncementCapture : IDisposable
{
    private readonly SightingLog _log = new();
    private readonly List<ClaimListener> _listeners;

    private AnnouncementCapture(IReadOnlyList<ILink> links, TimeProvider time) =>
        _listeners = [.. links.Select(link => new ClaimListener(link, claim =>
        {
            if (claim.IsUnasked) _log.Add(new(claim.Address, claim.Mac, time.GetTimestamp()));
        }))];

    public static AnnouncementCapture Start(Func<LinkTraffic, ILink> open, TimeProvider time) => new([open(LinkTraffic.Arp), open(LinkTraffic.Ndp)], time);

    /// <inheritdoc cref="SightingLog.First(Func{Sighting, bool}, CancellationToken)"/>
    public Task<Sighting> First(Func<Sighting, bool> wanted, CancellationToken cancellation) => _log.First(wanted, cancellation);

    /// <inheritdoc cref="SightingLog.First(long, Func{Sighting, bool}, CancellationToken)"/>
    public Task<Sighting> First(long since, Func<Sighting, bool> wanted, CancellationToken cancellation) => _log.First(since, wanted, cancellation);

    /// <inheritdoc cref="SightingLog.Since"/>
    public IReadOnlyList<Sighting> Since(long time) => _log.Since(time);

    public void Dispose()
    {
        foreach (var listener in _listeners) listener.Dispose();
    }
}
