namespace OrleansLb.Kubernetes.Client.Watching;

/// <summary>Where a reflector stands: the last version seen, and whether it must list before it may watch.</summary>
/// <param name="Version">"0" takes what the server has at hand, "" reads the newest state from storage.</param>
internal readonly record struct Position(string Version, bool NeedsList)
{
    public static readonly Position Start = new("0", NeedsList: true);

    /// <summary>After a version that the server has forgotten or does not know yet.</summary>
    public static readonly Position Newest = new("", NeedsList: true);
}
