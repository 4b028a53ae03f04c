using OrleansLb.Kubernetes.Dialects.Fields;

namespace OrleansLb.Kubernetes.Dialects.OpenElb;

/// <summary>Whether routers shall keep our routes while the speaker restarts, and how long.</summary>
/// <param name="Time">1 to 4095 seconds; null where it is not given.</param>
public sealed record RestartChoice(bool Enabled, TimeSpan? Time)
{
    public static RestartChoice None { get; } = new(false, null);

    /// <summary>What a peer says, with what it leaves open from the one conf.</summary>
    public RestartChoice Over(RestartChoice? defaults) => new(Enabled || defaults?.Enabled == true, Time ?? defaults?.Time);
}

/// <summary>The <c>gracefulRestart</c> part that BgpConf and BgpPeer share: an image of gobgp's own options.</summary>
internal static class GracefulRestartFields
{
    /// <summary>What twelve bits hold (RFC 4724 §3).</summary>
    private const int MostSeconds = 4095;

    /// <summary>What gobgp reports of a session rather than takes.</summary>
    private static readonly string[] State = ["peerRestartTime", "peerRestarting", "localRestarting", "mode"];

    /// <summary>What is about routes that are received.</summary>
    private static readonly string[] Received = ["deferralTime", "staleRoutesTime"];

    public static RestartChoice Read(FieldReader spec)
    {
        var restart = spec.Object("gracefulRestart");
        var enabled = restart.Flag("enabled");
        var seconds = restart.Number("restartTime", 0, MostSeconds) ?? 0; // gobgp's zero is its default
        var helperOnly = restart.Flag("helperOnly"); // we keep no routes of others, so that nothing is left
        if (!restart.Flag("notificationEnabled", otherwise: true))
            restart.Warn("notificationEnabled",
                "false is not honoured: routers that know RFC 8538 keep the routes over a NOTIFICATION too, unless it is a hard reset.");
        restart.NotHonoured("longlivedEnabled", "routes are kept for restartTime and no longer; RFC 9494 is not spoken.");
        foreach (var name in Received) restart.NotHonoured(name, "it is about routes that are received, and none is kept here.");
        foreach (var name in State) restart.NotHonoured(name, "it tells how a session stands; see 'orleanslb status bgp'.");
        restart.End();
        return new(enabled && !helperOnly, seconds == 0 ? null : TimeSpan.FromSeconds(seconds));
    }
}
