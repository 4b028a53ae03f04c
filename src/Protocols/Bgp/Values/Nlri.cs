namespace OrleansLb.Protocols.Bgp;

/// <summary>One destination on the wire: a prefix and, where ADD-PATH is in use, which of its paths (RFC 7911 §3).</summary>
public readonly record struct Nlri(Prefix Prefix, uint PathId = 0) : IComparable<Nlri>
{
    public int CompareTo(Nlri other) =>
        Prefix.CompareTo(other.Prefix) is not 0 and var order ? order : PathId.CompareTo(other.PathId);

    /// <summary>Octets on the wire, with the path identifier or without.</summary>
    public int WireLength(bool addPath) => (addPath ? 4 : 0) + 1 + Prefix.WireLength;

    /// <summary>Reads one destination; false when the bytes run out or the length is too long for the family.</summary>
    public static bool TryRead(ref WireReader reader, Afi afi, bool addPath, out Nlri nlri)
    {
        var pathId = addPath ? reader.UInt32() : 0;
        var read = Prefix.TryRead(ref reader, afi, out var prefix);
        nlri = new(prefix, pathId);
        return read;
    }

    /// <summary>Writes <see cref="WireLength"/> octets.</summary>
    public void Write(ref WireWriter writer, bool addPath)
    {
        if (addPath) writer.UInt32(PathId);
        Prefix.Write(ref writer);
    }

    public override string ToString() => PathId == 0 ? Prefix.ToString() : $"{Prefix} path {PathId}";

    public static bool operator <(Nlri left, Nlri right) => left.CompareTo(right) < 0;

    public static bool operator >(Nlri left, Nlri right) => left.CompareTo(right) > 0;

    public static bool operator <=(Nlri left, Nlri right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Nlri left, Nlri right) => left.CompareTo(right) >= 0;
}
