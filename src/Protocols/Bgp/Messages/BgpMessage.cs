namespace OrleansLb.Protocols.Bgp;

/// <summary>Message types (RFC 4271 §4.1, RFC 2918).</summary>
public enum BgpMessageType : byte
{
    Open = 1,
    Update = 2,
    Notification = 3,
    Keepalive = 4,
    RouteRefresh = 5,
}

/// <summary>A message that the state machine sends or receives. UPDATEs are built and judged apart: they are many and large.</summary>
public abstract record BgpMessage
{
    private protected BgpMessage() { }

    /// <summary>What stands in the header.</summary>
    public abstract BgpMessageType Type { get; }

    /// <summary>Writes what follows the header.</summary>
    protected abstract void WriteBody(ref WireWriter writer);

    /// <summary>The whole message, header first.</summary>
    public byte[] ToArray()
    {
        Span<byte> buffer = stackalloc byte[BgpHeader.MaxLength];
        var writer = new WireWriter(buffer);
        writer.Reserve(BgpHeader.Length);
        WriteBody(ref writer);
        if (writer.Overrun) throw new InvalidOperationException($"A {Type} message does not fit into {BgpHeader.MaxLength} octets.");
        new BgpHeader(Type, writer.Length).Write(buffer);
        return writer.Written.ToArray();
    }
}

/// <summary>"I am still here" (RFC 4271 §4.4).</summary>
public sealed record KeepaliveMessage : BgpMessage
{
    public override BgpMessageType Type => BgpMessageType.Keepalive;

    protected override void WriteBody(ref WireWriter writer) { }
}
