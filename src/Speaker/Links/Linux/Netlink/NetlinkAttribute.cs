using System.Text;

namespace OrleansLb.Speaker.Links.Linux.Netlink;

/// <summary>A type-length-value of a netlink message, padded to four octets.</summary>
internal readonly ref struct NetlinkAttribute
{
    private const int HeaderLength = 4;
    private const ushort TypeMask = 0x3fff; // without "nested" and "network byte order"

    private NetlinkAttribute(ushort type, ReadOnlySpan<byte> value)
    {
        Type = type;
        Value = value;
    }

    public ushort Type { get; }

    public ReadOnlySpan<byte> Value { get; }

    /// <summary>The value as a number; 0 when it is too short for one.</summary>
    public int Int32 => Value.Length >= 4 ? BitConverter.ToInt32(Value) : 0;

    public string Text => Encoding.UTF8.GetString(Value.TrimEnd((byte)0));

    public static int Align(int length) => (length + 3) & ~3;

    /// <summary>Writes one, padded.</summary>
    public static byte[] Encode(ushort type, params ReadOnlySpan<byte> value)
    {
        var attribute = new byte[Align(HeaderLength + value.Length)];
        BitConverter.TryWriteBytes(attribute, (ushort)(HeaderLength + value.Length));
        BitConverter.TryWriteBytes(attribute.AsSpan(2), type);
        value.CopyTo(attribute.AsSpan(HeaderLength));
        return attribute;
    }

    /// <summary>Takes the next attribute off a list; false at its end, or at what is no attribute.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> list, out NetlinkAttribute attribute)
    {
        attribute = default;
        if (list.Length < HeaderLength) return false;
        var length = BitConverter.ToUInt16(list);
        if (length < HeaderLength || length > list.Length) return false;
        attribute = new((ushort)(BitConverter.ToUInt16(list[2..]) & TypeMask), list[HeaderLength..length]);
        list = list[Math.Min(Align(length), list.Length)..];
        return true;
    }
}
