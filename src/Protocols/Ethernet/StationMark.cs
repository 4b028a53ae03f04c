namespace OrleansLb.Protocols.Ethernet;

/// <summary>
/// Which station sent a frame that bears a <see cref="VirtualMac"/>, in the octets that pad an ARP packet to Ethernet's minimum: two nodes that speak for one
/// address could not tell each other apart otherwise. Hosts and switches do not look there (RFC 894).
/// </summary>
internal static class StationMark
{
    // 0 "olb", 1  4 MAC
    private const int MacOffset = 4, Length = MacOffset + MacAddress.Length;

    private static ReadOnlySpan<byte> Sign => "olb\u0001"u8;

    /// <summary>The station; null where the padding says nothing of one.</summary>
    public static MacAddress? Read(ReadOnlySpan<byte> padding) =>
        padding.Length >= Length && padding.StartsWith(Sign) ? MacAddress.Read(padding[MacOffset..]) : null;

    public static void Write(MacAddress station, Span<byte> padding)
    {
        padding.Clear();
        Sign.CopyTo(padding);
        station.Write(padding[MacOffset..]);
    }
}
