using System.Text;

namespace OrleansLb.Protocols.Bgp;

/// <summary>Says a NOTIFICATION in words, for logs and status.</summary>
internal static class NotificationText
{
    private const int MaxDataShown = 32;

    public static string Describe(Notification notification)
    {
        var text = new StringBuilder();
        text.Append((byte)notification.Code).Append('/').Append(notification.Subcode).Append(' ').Append(Words(notification.Code.ToString()));
        if (Subcode(notification) is { } subcode) text.Append(": ").Append(Words(subcode));
        if (notification.Text is { } said) text.Append(" \"").Append(Escape(said)).Append('"');
        else if (notification.Data.Count > 0)
            text.Append(" data ").Append(Convert.ToHexStringLower(notification.Data.AsSpan()[..Math.Min(MaxDataShown, notification.Data.Count)]));
        return text.ToString();
    }

    private static string? Subcode(Notification notification) => notification.Code switch
    {
        NotificationCode.MessageHeaderError => ((MessageHeaderError)notification.Subcode).ToString(),
        NotificationCode.OpenMessageError => ((OpenMessageError)notification.Subcode).ToString(),
        NotificationCode.UpdateMessageError => ((UpdateMessageError)notification.Subcode).ToString(),
        NotificationCode.FiniteStateMachineError => ((FiniteStateMachineError)notification.Subcode).ToString(),
        NotificationCode.Cease => ((CeaseSubcode)notification.Subcode).ToString(),
        _ => null,
    };

    // "HoldTimerExpired" -> "hold timer expired"
    private static string Words(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0) text.Append(' ');
            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }

    // What a peer says must not be able to forge log lines (RFC 9003 §5).
    private static string Escape(string said)
    {
        var text = new StringBuilder(said.Length);
        foreach (var letter in said) text.Append(char.IsControl(letter) || letter == '"' ? '.' : letter);
        return text.ToString();
    }
}
