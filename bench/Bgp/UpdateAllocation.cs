using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Bench.Bgp;

/// <summary>What building UPDATEs allocates.</summary>
internal static class UpdateAllocation
{
    /// <summary>Octets on the heap for each of so many routes, from the difference that is to be told to the last octet of the last UPDATE.</summary>
    public static double BytesPerRoute(int routes)
    {
        var known = RouteSet.Of(SenderRoutes.Many(routes).Select(route => new Route(new(Prefix.Parse(route)), Attributes)));
        var changes = RouteChanges.Between(RouteSet.Empty, known);
        var room = new byte[BgpHeader.MaxExtendedLength];
        Write(changes, room); // warm
        var before = GC.GetAllocatedBytesForCurrentThread();
        Write(changes, room);
        return Math.Round((double)(GC.GetAllocatedBytesForCurrentThread() - before) / routes, 3);
    }

    private static PathAttributes Attributes { get; } =
        PathAttributes.None with { Origin = Origin.Igp, AsPath = AsPath.Sequence(new Asn(64500)), NextHop = NextHop.Parse("192.0.2.1") };

    private static void Write(IReadOnlyList<RouteBatch> changes, byte[] room)
    {
        var cursor = new UpdateCursor(new UpdateFormat { FourOctetAs = true }, changes);
        while (!cursor.IsAtEnd) cursor.Write(room);
    }
}
