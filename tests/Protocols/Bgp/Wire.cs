using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Protocols.Tests.Bgp;

/// <summary>Reads whole messages, as a session does.</summary>
internal static class Wire
{
    public static readonly UpdateFormat FourOctets = new() { FourOctetAs = true };

    /// <summary>An UPDATE of these fields, each in hexadecimal, with the right lengths before them.</summary>
    public static byte[] Update(string withdrawn, string attributes, string nlri)
    {
        var (first, second, third) = (Hex.Bytes(withdrawn), Hex.Bytes(attributes), Hex.Bytes(nlri));
        byte[] message = [.. new byte[BgpHeader.Length], .. BigEndian(first.Length), .. first, .. BigEndian(second.Length), .. second, .. third];
        new BgpHeader(BgpMessageType.Update, message.Length).Write(message);
        return message;
    }

    private static byte[] BigEndian(int length) => [(byte)(length >> 8), (byte)length];

    /// <summary>Null for an UPDATE, which is judged instead of read, and for what is no message.</summary>
    public static BgpMessage? Read(ReadOnlySpan<byte> bytes)
    {
        if (!BgpHeader.TryRead(bytes, extendedMessages: true, out var header, out _) || header.MessageLength != bytes.Length) return null;
        return BgpMessageReader.Read(header, bytes[BgpHeader.Length..], out _);
    }
}
