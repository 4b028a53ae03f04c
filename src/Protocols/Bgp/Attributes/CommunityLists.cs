using System.Collections.Immutable;

namespace OrleansLb.Protocols.Bgp;

/// <summary>Reads the three community attributes, whose lengths have been checked.</summary>
internal static class CommunityLists
{
    public static ValueList<Community> ReadPlain(ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        var list = ImmutableArray.CreateBuilder<Community>(value.Length / Community.Length);
        while (reader.Remaining > 0) list.Add(new(reader.UInt32()));
        return new(list.DrainToImmutable());
    }

    public static ValueList<ExtendedCommunity> ReadExtended(ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        var list = ImmutableArray.CreateBuilder<ExtendedCommunity>(value.Length / ExtendedCommunity.Length);
        while (reader.Remaining > 0) list.Add(new(reader.UInt64()));
        return new(list.DrainToImmutable());
    }

    public static ValueList<LargeCommunity> ReadLarge(ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        var list = ImmutableArray.CreateBuilder<LargeCommunity>(value.Length / LargeCommunity.Length);
        while (reader.Remaining > 0) list.Add(new(reader.UInt32(), reader.UInt32(), reader.UInt32()));
        return new(list.DrainToImmutable());
    }
}
