using System.Collections.Concurrent;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>What a peer is to know.</summary>
/// <param name="Complete">Nothing is missing any more after a start: End-of-RIB may follow.</param>
internal sealed record WantedRoutes(RouteSet Routes, bool Complete);

/// <summary>
/// Brings one peer from the routes that it knows to those that it should know, as fast as the connection takes them. However often the wanted routes change
/// meanwhile, only the difference to the latest is sent.
/// </summary>
internal sealed class RouteAdvertiser(RouteExport first, Func<WantedRoutes?> wanted, MessageCounters sent, Action<AdjRibOut> told) : IOutboundSource
{
    private readonly SessionParameters _session = first.Session;
    private readonly byte[] _buffer = new byte[BgpHeader.MaxExtendedLength];
    private readonly ConcurrentQueue<(Family Family, bool Bracketed)> _refreshes = new();
    private RouteExport _export = first;
    private RouteExport? _replacement;
    private int _signalled;
    private AdjRibOut _rib = AdjRibOut.Empty;
    private UpdateCursor? _cursor;
    private Family? _closingBracket;
    private RouteSet? _followed;
    private bool _endOfRibSent;

    /// <summary>True for the first who asks for something to be sent, until it is being sent: the connection needs to hear it once.</summary>
    public bool TrySignal() => Interlocked.Exchange(ref _signalled, 1) == 0;

    /// <summary>The peer wants to hear a family again; while it waits for that, it need not ask twice.</summary>
    public void Refresh(Family family, bool bracketed)
    {
        if (!_refreshes.Contains((family, bracketed))) _refreshes.Enqueue((family, bracketed));
    }

    /// <summary>From now on routes look different to the peer.</summary>
    public void Replace(RouteExport export) => Volatile.Write(ref _replacement, export);

    public ReadOnlyMemory<byte> Next()
    {
        Volatile.Write(ref _signalled, 0);
        if (Interlocked.Exchange(ref _replacement, null) is { } replacement) (_export, _followed) = (replacement, null);
        while (true)
        {
            if (_cursor is not null) return Continue(_cursor);
            if (_closingBracket is { } family) return CloseBracket(family);
            if (_refreshes.TryDequeue(out var refresh)) return Begin(refresh.Family, refresh.Bracketed);
            if (wanted() is not { } now) return default;
            if (!ReferenceEquals(now.Routes, _followed)) Follow(now.Routes);
            else if (now.Complete && !_endOfRibSent) return EndOfRib();
            else return default;
        }
    }

    private void Follow(RouteSet routes)
    {
        var next = AdjRibOut.Select(_export, routes, _rib);
        var changes = RouteChanges.Between(_rib.Routes, next.Routes);
        (_rib, _followed) = (next, routes);
        if (changes.Count > 0) _cursor = new(_session.Send, changes);
        else told(next);
    }

    private ReadOnlyMemory<byte> Continue(UpdateCursor cursor)
    {
        var before = cursor.Messages;
        var length = cursor.Write(_buffer);
        sent.Count(BgpMessageType.Update, cursor.Messages - before);
        if (!cursor.IsAtEnd) return _buffer.AsMemory(0, length);
        _cursor = null;
        told(_rib);
        return _buffer.AsMemory(0, length);
    }

    private ReadOnlyMemory<byte> Begin(Family family, bool bracketed)
    {
        var routes = RouteChanges.All(_rib.Routes, family);
        if (routes.Count > 0) _cursor = new(_session.Send, routes);
        if (!bracketed) return _cursor is { } cursor ? Continue(cursor) : Next();
        _closingBracket = family;
        return Bracket(family, RouteRefreshSubtype.Begin);
    }

    private ReadOnlyMemory<byte> CloseBracket(Family family)
    {
        _closingBracket = null;
        return Bracket(family, RouteRefreshSubtype.End);
    }

    private byte[] Bracket(Family family, RouteRefreshSubtype subtype)
    {
        sent.Count(BgpMessageType.RouteRefresh);
        return new RouteRefreshMessage(family, subtype).ToArray();
    }

    // One marker for each family, whether or not it has routes (RFC 4724 §2).
    private ReadOnlyMemory<byte> EndOfRib()
    {
        _endOfRibSent = true;
        var length = 0;
        foreach (var family in _session.Families)
        {
            length += UpdateWriter.EndOfRib(_buffer.AsSpan(length), family);
            sent.Count(BgpMessageType.Update);
        }

        return _buffer.AsMemory(0, length);
    }
}
