namespace OrleansLb.Protocols.Bgp;

/// <summary>Steps through a field of NLRI without keeping any of it.</summary>
public ref struct NlriReader(ReadOnlySpan<byte> field, Afi afi, bool addPath)
{
    private WireReader _reader = new(field);

    /// <summary>The field ended in the middle of a prefix, or one was too long for its family: where the next begins is unknown.</summary>
    public bool Malformed { get; private set; }

    /// <summary>Steps to the next; false at the end, and when the field is <see cref="Malformed"/>.</summary>
    public bool TryRead(out Nlri nlri)
    {
        nlri = default;
        if (_reader.Remaining == 0 || Malformed) return false;
        Malformed = !Nlri.TryRead(ref _reader, afi, addPath, out nlri);
        return !Malformed;
    }

    /// <summary>How many there are; false when the field is malformed.</summary>
    public static bool TryCount(ReadOnlySpan<byte> field, Afi afi, bool addPath, out int count)
    {
        var reader = new NlriReader(field, afi, addPath);
        count = 0;
        while (reader.TryRead(out _)) count++;
        return !reader.Malformed;
    }
}

/// <summary>How many routes of which family.</summary>
public readonly record struct FamilyCount(Family Family, int Count);
