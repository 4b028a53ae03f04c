using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Announcements;

/// <summary>The name of a session on its node: that of its peer; where the peer is a range, with the neighbour behind it, as <c>tor/192.0.2.7</c>.</summary>
public static class SessionName
{
    private const char Separator = '/'; // no name of an object has it

    public static string Of(string peer, Address neighbour) => $"{peer}{Separator}{neighbour}";

    /// <summary>The peer, as the configuration and advertisements name it.</summary>
    public static string PeerOf(string session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.IndexOf(Separator) is >= 0 and var end ? session[..end] : session;
    }

    /// <summary>
    /// The address of the neighbour, as text; null when the peer is one router. A neighbour's session is there because it connected, and goes with it.
    /// </summary>
    public static string? NeighbourOf(string session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.IndexOf(Separator) is >= 0 and var end ? session[(end + 1)..] : null;
    }

    public static bool IsNeighbour(string session) => NeighbourOf(session) is not null;
}
