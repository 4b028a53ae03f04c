namespace OrleansLb.Core.Announcements;

/// <summary>Something about a session that people are told.</summary>
/// <param name="IsUp">It came up; else it is down.</param>
/// <param name="Message">What happened and what to do, without the node and the peer.</param>
public sealed record SessionNews(bool IsUp, string Message)
{
    /// <summary>The news between two looks at a session; null when there is none.</summary>
    /// <param name="before">Null at the first look.</param>
    /// <param name="young">A session that came up before this long ago is no news at the first look: somebody else may have told it.</param>
    public static SessionNews? Between(PeerStatus? before, PeerStatus now, DateTimeOffset at, TimeSpan young)
    {
        ArgumentNullException.ThrowIfNull(now);
        var (was, isUp) = (before?.State == PeerState.Established, now.State == PeerState.Established);
        if (was && (!isUp || now.Flaps > before!.Flaps)) return new(IsUp: false, $"the session is lost{(isUp ? " and back" : "")}: {Trouble(now)}");
        if (isUp) return was || (before is null && at - now.Since >= young) ? null : new(IsUp: true, "the session is established.");
        return now.LastError is not null && now.LastError != before?.LastError ? new(IsUp: false, $"there is no session: {Trouble(now)}") : null;
    }

    /// <summary>What is wrong with a session that is not established, and what to do.</summary>
    public static string Trouble(PeerStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        if (status.LastError is null) return "it has not been tried yet.";
        return status.Advice is null ? $"{status.LastError}." : $"{status.LastError}. {status.Advice}";
    }
}
