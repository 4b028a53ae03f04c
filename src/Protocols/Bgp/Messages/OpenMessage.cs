using System.Collections.Immutable;

namespace OrleansLb.Protocols.Bgp;

/// <summary>The first message of each side: who I am and what I can do (RFC 4271 §4.2).</summary>
public sealed record OpenMessage(byte Version, ushort TwoOctetAs, ushort HoldSeconds, RouterId RouterId, ValueList<Capability> Capabilities) : BgpMessage
{
    /// <summary>The one version of BGP there is (RFC 4271).</summary>
    public const byte SupportedVersion = 4;

    private const byte CapabilitiesParameter = 2, ExtendedLengthParameter = 255;
    private const int MaxClassicParameters = 255;

    public override BgpMessageType Type => BgpMessageType.Open;

    /// <summary>The four-octet number if the peer told one, otherwise that of the fixed field (RFC 6793 §4.1).</summary>
    public Asn Asn => Find<Capability.FourOctetAs>()?.Asn ?? new Asn(TwoOctetAs);

    /// <summary>The first capability of the kind; null when it was not named.</summary>
    public T? Find<T>() where T : Capability
    {
        foreach (var capability in Capabilities)
        {
            if (capability is T found) return found;
        }

        return null;
    }

    /// <summary>Whether a capability of the kind was named.</summary>
    public bool Has<T>() where T : Capability => Find<T>() is not null;

    // version (1), my AS (2), hold time (2), identifier (4), length of parameters (1), parameters.
    // RFC 9072 §2: length 255 and then parameter type 255 means that a two-octet length follows, as in each parameter.
    /// <summary>Reads and judges a body behind the header; <paramref name="error"/> is what to tell the peer (RFC 4271 §6.2).</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out OpenMessage open, out Notification? error)
    {
        var reader = new WireReader(body);
        var capabilities = ImmutableArray.CreateBuilder<Capability>();
        open = new(reader.UInt8(), reader.UInt16(), reader.UInt16(), new RouterId(reader.UInt32()), default);
        error = open.Version != SupportedVersion ? Notification.UnsupportedVersion : ReadParameters(ref reader, capabilities);
        if (error is not null) return false;
        open = open with { Capabilities = new(capabilities.DrainToImmutable()) };
        return true;
    }

    private static Notification? ReadParameters(ref WireReader reader, ImmutableArray<Capability>.Builder capabilities)
    {
        int length = reader.UInt8();
        var extended = length != 0 && reader.Rest is [ExtendedLengthParameter, ..];
        if (extended)
        {
            reader.UInt8();
            length = reader.UInt16();
        }

        if (reader.Overrun || length != reader.Remaining) return Notification.MalformedOpen;
        while (reader.Remaining > 0)
        {
            var type = reader.UInt8();
            var value = reader.Take(extended ? reader.UInt16() : reader.UInt8());
            if (reader.Overrun) return Notification.MalformedOpen;
            if (type != CapabilitiesParameter) return Notification.UnsupportedOptionalParameter;
            if (!CapabilityReader.TryReadAll(value, capabilities)) return Notification.MalformedOpen;
        }

        return null;
    }

    protected override void WriteBody(ref WireWriter writer)
    {
        writer.UInt8(Version);
        writer.UInt16(TwoOctetAs);
        writer.UInt16(HoldSeconds);
        writer.UInt32(RouterId.Value);
        Span<byte> scratch = stackalloc byte[BgpHeader.MaxLength];
        var capabilities = new WireWriter(scratch);
        foreach (var capability in Capabilities) capability.Write(ref capabilities);
        WriteParameters(ref writer, capabilities.Written);
    }

    private static void WriteParameters(ref WireWriter writer, scoped ReadOnlySpan<byte> capabilities)
    {
        const int ParameterHead = 2;
        if (capabilities.IsEmpty)
        {
            writer.UInt8(0);
        }
        else if (ParameterHead + capabilities.Length <= MaxClassicParameters)
        {
            writer.UInt8((byte)(ParameterHead + capabilities.Length));
            writer.UInt8(CapabilitiesParameter);
            writer.UInt8((byte)capabilities.Length);
        }
        else
        {
            writer.UInt8(ExtendedLengthParameter);
            writer.UInt8(ExtendedLengthParameter);
            writer.UInt16((ushort)(ParameterHead + 1 + capabilities.Length));
            writer.UInt8(CapabilitiesParameter);
            writer.UInt16((ushort)capabilities.Length);
        }

        writer.Bytes(capabilities);
    }
}
