using System.Text;

namespace OrleansLb.Api.Protobuf;

/// <summary>Reads protobuf's wire format straight through; anything malformed sets <see cref="Broken"/>, which is checked at the end.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    private ReadOnlySpan<byte> _rest = bytes;

    public bool Broken { get; private set; }

    /// <summary>Moves to the next field; its number is given, and whether its value is a varint or bytes.</summary>
    public bool TryNext(out int number, out long whole, out ReadOnlySpan<byte> value)
    {
        number = 0;
        whole = 0;
        value = default;
        if (Broken || _rest.IsEmpty) return false;
        var tag = ReadVarint();
        number = (int)(tag >> 3);
        switch (tag & 7)
        {
            case Varint: whole = (long)ReadVarint(); break;
            case LengthDelimited: value = Take(ReadVarint()); break;
            case Fixed64: Take(8); break;
            case Fixed32: Take(4); break;
            default: Broken = true; break;
        }
        return !Broken;
    }

    public static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value);

    private ulong ReadVarint()
    {
        ulong result = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1);
            if (next.IsEmpty) return 0;
            result |= (ulong)(next[0] & 0x7f) << shift;
            if (next[0] < 0x80) return result;
        }
        Broken = true;
        return 0;
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length)
        {
            Broken = true;
            return _rest = default;
        }
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }
}
