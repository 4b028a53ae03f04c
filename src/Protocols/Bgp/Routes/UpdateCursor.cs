namespace OrleansLb.Protocols.Bgp;

/// <summary>Writes batches of routes as UPDATEs, one after the other, wherever the caller has room.</summary>
public sealed class UpdateCursor(UpdateFormat format, IReadOnlyList<RouteBatch> batches)
{
    private int _batch;
    private int _route;

    /// <summary>Everything was written.</summary>
    public bool IsAtEnd => _batch == batches.Count;

    /// <summary>UPDATEs written so far.</summary>
    public int Messages { get; private set; }

    /// <summary>Fills the room with whole UPDATEs; the room is at least one longest message.</summary>
    /// <returns>The octets written; 0 at the end.</returns>
    public int Write(Span<byte> room)
    {
        var written = 0;
        while (!IsAtEnd && room.Length - written >= format.MaxLength) written += WriteOne(room[written..]);
        return written;
    }

    private int WriteOne(Span<byte> room)
    {
        var batch = batches[_batch];
        var routes = batch.Routes.Span[_route..];
        var length = batch.Attributes is { } attributes
            ? UpdateWriter.Announce(room, format, attributes, routes, out var taken)
            : UpdateWriter.Withdraw(room, format, routes, out taken);
        if (taken == 0) throw new InvalidOperationException("The attributes leave no room for a route: RouteExport lets no such route through.");
        _route += taken;
        if (_route == batch.Routes.Length) (_batch, _route) = (_batch + 1, 0);
        Messages++;
        return length;
    }
}
