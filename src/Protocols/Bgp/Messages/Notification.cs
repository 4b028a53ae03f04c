using System.Text;
using System.Text.Unicode;

namespace OrleansLb.Protocols.Bgp;

/// <summary>The reason for which a session ends, as it is told to the peer (RFC 4271 §4.5).</summary>
public sealed record Notification(NotificationCode Code, byte Subcode, ValueList<byte> Data = default) : BgpMessage
{
    /// <summary>The longest shutdown text, in octets of UTF-8 (RFC 9003 §2).</summary>
    public const int MaxTextLength = 255;

    /// <summary>What fits into a message behind code and subcode.</summary>
    public const int MaxDataLength = BgpHeader.MaxLength - BgpHeader.Length - 2;

    public override BgpMessageType Type => BgpMessageType.Notification;

    /// <summary>The marker is not all ones (RFC 4271 §6.1).</summary>
    public static Notification ConnectionNotSynchronized { get; } = Header(MessageHeaderError.ConnectionNotSynchronized, []);

    /// <summary>Another version than 4; the data tells ours (RFC 4271 §6.2).</summary>
    public static Notification UnsupportedVersion { get; } = Open(OpenMessageError.UnsupportedVersionNumber, [0, OpenMessage.SupportedVersion]);

    /// <summary>An OPEN that cannot be read, with the subcode that says no more (RFC 4271 §6.2).</summary>
    public static Notification MalformedOpen { get; } = Open(OpenMessageError.Unspecific);

    /// <summary>An optional parameter that is not known (RFC 4271 §6.2).</summary>
    public static Notification UnsupportedOptionalParameter { get; } = Open(OpenMessageError.UnsupportedOptionalParameter);

    /// <summary>Nothing was heard for the hold time (RFC 4271 §6.5).</summary>
    public static Notification HoldTimerExpired { get; } = new(NotificationCode.HoldTimerExpired, 0);

    /// <summary>The peer took nothing of what was sent for the send hold time (RFC 9687 §3.2).</summary>
    public static Notification SendHoldTimerExpired { get; } = new(NotificationCode.SendHoldTimerExpired, 0);

    /// <summary>A length that the message type cannot have; the data tells it (RFC 4271 §6.1).</summary>
    public static Notification BadMessageLength(ushort length) =>
        Header(MessageHeaderError.BadMessageLength, [(byte)(length >> 8), (byte)length]);

    /// <summary>A type that is not known; the data tells it (RFC 4271 §6.1).</summary>
    public static Notification BadMessageType(byte type) => Header(MessageHeaderError.BadMessageType, [type]);

    /// <summary>An error of the OPEN (RFC 4271 §6.2).</summary>
    public static Notification Open(OpenMessageError error, ValueList<byte> data = default) => new(NotificationCode.OpenMessageError, (byte)error, data);

    /// <summary>An error of an UPDATE for which the session must end (RFC 4271 §6.3, RFC 7606).</summary>
    public static Notification Update(UpdateMessageError error, ValueList<byte> data = default) => new(NotificationCode.UpdateMessageError, (byte)error, data);

    /// <summary>A message that the state does not expect; the data tells its type (RFC 6608).</summary>
    public static Notification Unexpected(FiniteStateMachineError where, BgpMessageType type) =>
        new(NotificationCode.FiniteStateMachineError, (byte)where, [(byte)type]);

    /// <summary>The data is the whole offending message (RFC 7313 §5).</summary>
    public static Notification RouteRefreshLength(ReadOnlySpan<byte> message) =>
        new(NotificationCode.RouteRefreshMessageError, 1, ValueList.Create(message));

    /// <summary>A Cease; the text goes only with the two subcodes that may carry one (RFC 9003 §2).</summary>
    public static Notification Cease(CeaseSubcode subcode, string? text = null) =>
        new(NotificationCode.Cease, (byte)subcode, CarriesText(subcode) && !string.IsNullOrEmpty(text) ? TextData(text) : default);

    /// <summary>
    /// Tells a peer that keeps routes over a NOTIFICATION that this one is final (RFC 8538 §3.1): code and subcode of the real reason stand in the data.
    /// </summary>
    public Notification AsHardReset() =>
        new(NotificationCode.Cease, (byte)CeaseSubcode.HardReset, [(byte)Code, Subcode, .. Data.AsSpan()]);

    /// <summary>The shutdown text, if there is a valid one (RFC 9003 §2): one octet of length, then UTF-8.</summary>
    public string? Text =>
        Code == NotificationCode.Cease && CarriesText((CeaseSubcode)Subcode)
        && Data.AsSpan() is [var length and > 0, .. var text] && length <= text.Length && Utf8.IsValid(text[..length])
            ? Encoding.UTF8.GetString(text[..length])
            : null;

    /// <summary>Reads a body behind the header; false when it is shorter than code and subcode.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out Notification notification)
    {
        var reader = new WireReader(body);
        notification = new((NotificationCode)reader.UInt8(), reader.UInt8(), ValueList.Create(reader.Rest));
        return !reader.Overrun;
    }

    protected override void WriteBody(ref WireWriter writer)
    {
        writer.UInt8((byte)Code);
        writer.UInt8(Subcode);
        writer.Bytes(Data.AsSpan()[..Math.Min(Data.Count, writer.Remaining)]);
    }

    public override string ToString() => NotificationText.Describe(this);

    private static Notification Header(MessageHeaderError error, ValueList<byte> data) => new(NotificationCode.MessageHeaderError, (byte)error, data);

    private static bool CarriesText(CeaseSubcode subcode) => subcode is CeaseSubcode.AdministrativeShutdown or CeaseSubcode.AdministrativeReset;

    private static ValueList<byte> TextData(string text)
    {
        Span<byte> bytes = stackalloc byte[MaxTextLength];
        Utf8.FromUtf16(text, bytes, out _, out var length); // stops before a character that does not fit whole
        return [(byte)length, .. bytes[..length]];
    }
}
