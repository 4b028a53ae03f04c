using OrleansLb.Kubernetes.Dialects.Fields;

namespace OrleansLb.Kubernetes.Dialects.OpenElb;

/// <summary>The <c>gracefulRestart</c> part that BgpConf and BgpPeer share: an image of gobgp's own options.</summary>
internal static class GracefulRestartFields
{
    private static readonly string[] Finer =
    [
        "restartTime", "helperOnly", "deferralTime", "notificationEnabled", "longlivedEnabled", "staleRoutesTime", "peerRestartTime", "peerRestarting", "localRestarting", "mode",
    ];

    public static bool Read(FieldReader spec)
    {
        var restart = spec.Object("gracefulRestart");
        var enabled = restart.Flag("enabled");
        foreach (var name in Finer) restart.NotHonoured(name, "graceful restart is on or off, with the times of RFC 4724.");
        restart.End();
        return enabled;
    }
}
